import type { FieldMeta, ResourceMeta, Row } from '../api/shapes';
import { DialLink } from '../desk/DialLink';
import { useRevealed } from './Masked';
import type { CustomerState } from './useCustomer';

const plain: FieldMeta = { name: 'numbers', type: 'list' };

// A customer's numbers, dialled by a press; masked ones open with a reason.
export function NumbersShow({ resource, state }: { resource: ResourceMeta; state: CustomerState }) {
  const field = resource.fields.find(({ name }) => name === 'numbers') ?? plain;
  const { value, button } = useRevealed({ resource, state, field });
  const numbers = Array.isArray(value) ? (value as Row[]) : [];
  if (numbers.length === 0) return <span className="lx-t3">—</span>;
  return (
    <span className="customer-numbers">
      {numbers.map((each, i) => (
        <DialLink key={each.id ?? i} number={String(each.number)} />
      ))}
      {button}
    </span>
  );
}
