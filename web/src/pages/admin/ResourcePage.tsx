import { useParams } from 'react-router';
import { NotFound } from '../../components/NotFound';
import { ResourceList } from '../../list/ResourceList';
import { useResource } from '../../store/meta';

export function ResourcePage() {
  const { plural = '' } = useParams();
  const resource = useResource(plural);
  return resource ? <ResourceList key={plural} resource={resource} /> : <NotFound />;
}
