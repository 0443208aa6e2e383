import { Button } from 'antd';
import { useNavigate } from 'react-router';
import { useT } from '../i18n';
import { Empty } from './Empty';

export function NotFound() {
  const t = useT();
  const go = useNavigate();
  return (
    <Empty
      icon="find"
      title={t('notfound.title')}
      text={t('notfound.what')}
      action={<Button onClick={() => void go('/')}>{t('notfound.go')}</Button>}
    />
  );
}
