// On a user's page: a second factor that is lost is taken away, so that he can sign in and set up another.
import { App, Button } from 'antd';
import { useState } from 'react';
import { send } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Row } from '../../api/shapes';
import { problemTitle } from '../../components/ErrorNote';
import { textOf } from '../../fields/types';
import { useT } from '../../i18n';
import { useAsk } from '../../record/useAsk';
import { useMay } from '../../store/session';

export function FactorReset({ row }: { row: Row }) {
  const t = useT();
  const ask = useAsk();
  const { message } = App.useApp();
  const may = useMay('user.update');
  const [gone, setGone] = useState(false);
  const reset = async () => {
    if (!(await ask(t('factor.reset_ask', { name: textOf(row.name) }), t('factor.reset_what'), t('factor.reset')))) return;
    try {
      await send('DELETE', `/users/${row.id}/factor`);
      setGone(true);
      void message.success(t('factor.ended'));
    } catch (error) {
      void message.error(problemTitle(asProblem(error)));
    }
  };
  const active = row.second_factor === true && !gone;
  return (
    <div className="lx-row factor-state">
      <span className="lx-grow">
        {t('factor.title')} <span className="lx-t2">{t(active ? 'factor.is_on' : 'factor.is_off')}</span>
      </span>
      {active && may && (
        <Button size="small" data-act="factor-reset" onClick={() => void reset()}>
          {t('factor.reset')}
        </Button>
      )}
    </div>
  );
}
