import { Link } from 'react-router';
import { useRefName } from '../store/names';
import { placeOf } from '../store/places';

// A record by its name, as a link to where it is looked at.
export function RecordLink({ plural, id, name }: { plural: string; id: string; name?: string | null }) {
  const place = placeOf(plural, id);
  const found = useRefName(plural, name || !place ? null : id);
  const text = name || found || id;
  return place ? <Link to={place}>{text}</Link> : <span>{text}</span>;
}
