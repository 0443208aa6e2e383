// After a deletion: says so, and offers to take it back where the server keeps what was deleted.
import { App, Button } from 'antd';
import { send } from '../api/client';
import { asProblem } from '../api/problem';
import type { ResourceMeta } from '../api/shapes';
import { problemTitle } from '../components/ErrorNote';
import { useT } from '../i18n';
import { can } from '../store/meta';

const shown_s = 10;

export function useRemoval(resource: ResourceMeta) {
  const t = useT();
  const { message } = App.useApp();
  return (id: string, name: string, onBack: () => void) => {
    const key = `removed/${id}`;
    const back = async () => {
      message.destroy(key);
      try {
        await send('POST', `/${resource.plural}/${id}/restore`, {});
        void message.success(t('record.is_back', { name }));
        onBack();
      } catch (error) {
        void message.error(problemTitle(asProblem(error)));
      }
    };
    void message.open({
      key,
      type: 'success',
      duration: shown_s,
      content: (
        <>
          {t('record.is_gone', { name })}
          {can(resource, 'restore') && (
            <Button type="link" size="small" data-act="undo" onClick={() => void back()}>
              {t('record.undo')}
            </Button>
          )}
        </>
      ),
    });
  };
}
