// The own second factor: whether there is one, setting it up, new codes to keep, and doing without it again.
import { App, Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { Factor, FactorCodes } from '../../api/answers';
import { send } from '../../api/client';
import { useLoad } from '../../api/useLoad';
import { Bones } from '../../components/Bones';
import { ErrorNote } from '../../components/ErrorNote';
import { useT } from '../../i18n';
import { longMoment } from '../../i18n/format';
import { loadSession } from '../../store/session';
import { Codes } from './Codes';
import { Part } from './Part';
import { PasswordStep } from './PasswordStep';

const FactorSetup = lazy(() => import('./FactorSetup').then((m) => ({ default: m.FactorSetup })));

type Doing = 'setup' | 'codes' | 'end' | null;

function Active({ factor, onDo }: { factor: Factor; onDo: (doing: Doing) => void }) {
  const t = useT();
  return (
    <>
      <span className="lx-grow">
        {t('factor.on', { when: factor.since ? longMoment(factor.since) : '' })}
        <span className={factor.codes_left < 3 ? 'lx-near' : 'lx-t3'}> · {t('factor.left', { n: factor.codes_left })}</span>
      </span>
      <Button size="small" data-act="factor-codes" onClick={() => onDo('codes')}>
        {t('factor.new_codes')}
      </Button>
      <Button size="small" data-act="factor-end" onClick={() => onDo('end')}>
        {t('factor.end')}
      </Button>
    </>
  );
}

export function SecondFactor() {
  const t = useT();
  const { message } = App.useApp();
  const { value, problem, again } = useLoad<Factor>('/session/factor');
  const [doing, setDoing] = useState<Doing>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const close = () => setDoing(null);
  const done = () => {
    setDoing(null);
    setCodes(null);
    again();
    void loadSession();
  };
  const end = async (password: string) => {
    await send('POST', '/session/factor/end', { password });
    void message.success(t('factor.ended'));
    done();
  };
  const renew = async (password: string) => {
    setCodes((await send<FactorCodes>('POST', '/session/factor/codes', { password })).codes);
    close();
  };
  return (
    <Part id="factor" title={t('factor.title')} about={t('factor.about')}>
      {problem && <ErrorNote problem={problem} again={again} />}
      {!value && !problem && <Bones rows={1} />}
      {value && (
        <div className="lx-row factor-state">
          {value.active ? (
            <Active factor={value} onDo={setDoing} />
          ) : (
            <>
              <span className="lx-grow lx-t2">{t('factor.off')}</span>
              <Button size="small" data-act="factor-setup" onClick={() => setDoing('setup')}>
                {t('factor.setup')}
              </Button>
            </>
          )}
        </div>
      )}
      {doing === 'setup' && (
        <Suspense>
          <FactorSetup onDone={done} onClose={close} />
        </Suspense>
      )}
      {doing === 'codes' && <PasswordStep title={t('factor.new_codes')} text={t('factor.new_codes_what')} act={t('factor.new_codes')} onClose={close} onPassword={renew} />}
      {doing === 'end' && <PasswordStep title={t('factor.end')} text={t('factor.end_what')} act={t('factor.end')} onClose={close} onPassword={end} />}
      {codes && <Codes codes={codes} onClose={done} />}
    </Part>
  );
}
