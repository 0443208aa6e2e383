import { useParams } from 'react-router';
import { NotFound } from '../../components/NotFound';
import { ResourceList } from '../../list/ResourceList';
import { SinglePage } from '../../record/SinglePage';
import { TeamsPage } from '../teams/TeamsPage';
import { useResource } from '../../store/meta';

export function ResourcePage() {
  const { plural = '' } = useParams();
  const resource = useResource(plural);
  if (resource && plural === 'teams') return <TeamsPage resource={resource} />;
  if (resource?.single) return <SinglePage key={plural} resource={resource} />;
  return resource ? <ResourceList key={plural} resource={resource} /> : <NotFound />;
}
