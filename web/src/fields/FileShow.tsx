import { base } from '../api/client';
import { textOf, type ShowProps } from './types';

const isImage = (accept: string | undefined) => accept !== undefined && accept.split(' ').every((each) => each.startsWith('image/'));

// The file's name, which downloads it; a picture is shown.
export function FileShow({ field, value, row }: ShowProps) {
  const id = textOf(value);
  if (id === '') return <span>—</span>;
  const name = textOf(row[`${field.name}_name`]) || id;
  const href = `${base}/files/${id}`;
  return (
    <a className="lx-cut" href={href} download={name} onClick={(event) => event.stopPropagation()}>
      {isImage(field.accept) ? <img className="field-picture" src={href} alt={name} /> : name}
    </a>
  );
}
