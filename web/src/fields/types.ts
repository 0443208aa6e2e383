import type { FieldMeta, Row } from '../api/shapes';

export interface ShowProps {
  field: FieldMeta;
  value: unknown;
  row: Row;
}

export interface EditProps {
  field: FieldMeta;
  value: unknown;
  // The record as it was read: a reference's name stands beside its id there.
  row: Row | undefined;
  id: string;
  invalid: boolean;
  disabled: boolean;
  onChange: (value: unknown) => void;
}

// How much of what is stored is one of what people read and write.
export const scaleOf = (field: FieldMeta): number => field.scale ?? (field.type === 'duration' ? 1000 : 1);

export const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

// A translated text as the reader reads it, or what there is of it.
export function textIn(value: unknown, language: string): string {
  if (value === null || typeof value !== 'object') return '';
  const texts = value as Record<string, unknown>;
  return textOf(texts[language] ?? texts['zh-CN'] ?? texts.en);
}
