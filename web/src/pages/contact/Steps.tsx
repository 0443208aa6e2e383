import type { Step } from '../../api/shapes';
import { useT } from '../../i18n';
import { axisTime, timeOfDay } from '../../i18n/format';
import { stepText, withRoles } from './stepText';

export function Steps({ steps }: { steps: Step[] }) {
  const t = useT();
  return (
    <section className="lx-card contact-part">
      <div className="lx-card-head">
        <h2>{t('contact.steps')}</h2>
        <span className="lx-count">{steps.length}</span>
      </div>
      <ol className="contact-steps" tabIndex={0} aria-label={t('contact.steps')}>
        {withRoles(steps).map((step) => (
          <li key={step.n}>
            <span className="lx-t3" title={timeOfDay(step.at)}>
              {axisTime(step.offset_ms)}
            </span>
            <span>{stepText(step)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
