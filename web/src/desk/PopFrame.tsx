// Another system's page for the contact: framed, or a way to it when it has a window of its own.
import { ThresholdShape } from '../components/Threshold';
import { useT } from '../i18n';

export function PopFrame({ path }: { path: string }) {
  const t = useT();
  return (
    <section className="desk-pane pop" aria-label={t('pop.tab')}>
      <iframe className="pop-frame" title={t('pop.tab')} src={`${path}?frame=1`} />
      <a className="pop-link" href={path} target="_blank" rel="noreferrer">
        {t('pop.own_window')}
      </a>
    </section>
  );
}

export function PopBlocked({ path, blocked }: { path: string; blocked: boolean }) {
  const t = useT();
  return (
    <p className="pop-link" role="status">
      {blocked && (
        <>
          <ThresholdShape level="near" /> {t('pop.blocked')}{' '}
        </>
      )}
      <a href={path} target="_blank" rel="noreferrer">
        {t('pop.open')}
      </a>
    </p>
  );
}
