import { Tag } from 'antd';
import { tWord, useT } from '../i18n';

// One who may be the same person, as the server tells him.
export interface Alike {
  id: string;
  version: number;
  name: string;
  kind: string | null;
  tier: string | null;
  number: string | null;
  reasons: string[];
}

export function Reasons({ reasons }: { reasons: string[] }) {
  useT();
  return (
    <span className="alike-reasons">
      {reasons.map((reason) => (
        <Tag key={reason} variant="filled">
          {tWord('alike', reason)}
        </Tag>
      ))}
    </span>
  );
}
