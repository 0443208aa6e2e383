import { useT } from '../i18n';
import { Empty } from './Empty';

export function NoRight({ page, right }: { page: string; right: string }) {
  const t = useT();
  return <Empty icon="lock" title={t('noright.title', { page })} text={t('noright.what', { right })} />;
}
