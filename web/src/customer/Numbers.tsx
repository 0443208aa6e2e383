import type { ResourceMeta, Row } from '../api/shapes';
import { DialLink } from '../desk/DialLink';
import { textOf } from '../fields/types';
import { isMasked, useRevealed } from './Masked';
import type { CustomerState } from './useCustomer';

interface Props {
  resource: ResourceMeta;
  state: CustomerState;
}

function One({ resource, state, each }: Props & { each: Row }) {
  const { value, button } = useRevealed({ resource, state, path: `numbers[${each.id}].number`, value: each.number });
  const number = textOf(value);
  return (
    <span className="customer-number">
      <DialLink number={number} {...(isMasked(number) && each.id ? { by: { customer: state.id, number: each.id } } : {})} />
      {button}
    </span>
  );
}

// A customer's numbers, dialled by a press; masked ones open one at a time, with a reason.
export function NumbersShow({ resource, state }: Props) {
  const numbers = Array.isArray(state.value?.numbers) ? (state.value.numbers as Row[]) : [];
  if (numbers.length === 0) return <span className="lx-t3">—</span>;
  return (
    <span className="customer-numbers">
      {numbers.map((each, i) => (
        <One key={each.id ?? i} resource={resource} state={state} each={each} />
      ))}
    </span>
  );
}
