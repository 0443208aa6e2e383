import { Input } from 'antd';
import { labelOf, useT } from '../i18n';
import { textOf, type EditProps } from './types';

const languages = ['zh-CN', 'en'] as const;

// One line for each language of the pages; a reader of the other one sees what there is.
export function I18nEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const t = useT();
  const texts = value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  const write = (language: string, text: string) => {
    const made = Object.fromEntries(Object.entries({ ...texts, [language]: text }).filter(([, each]) => each !== ''));
    onChange(Object.keys(made).length === 0 ? null : made);
  };
  return (
    <div className="field-list" role="group" aria-label={labelOf(field.label)}>
      {languages.map((language, at) => (
        <Input
          key={language}
          id={at === 0 ? id : `${id}-${language}`}
          aria-label={`${labelOf(field.label)} (${t(`field.lang_${language}`)})`}
          prefix={<span className="lx-t3">{t(`field.lang_${language}`)}</span>}
          status={invalid ? 'error' : ''}
          disabled={disabled}
          {...(field.max ? { maxLength: field.max } : {})}
          value={textOf(texts[language])}
          onChange={(event) => write(language, event.target.value)}
        />
      ))}
    </div>
  );
}
