// What is wrong with a sign-in, for a person: which of the server's refusals gives which words.
import type { Problem } from '../../api/problem';
import { problemText, problemTitle } from '../../components/ErrorNote';
import { t } from '../../i18n';
import { span } from '../../i18n/format';

export interface Refusal {
  title: string;
  text: string;
  elsewhere?: boolean; // may be taken over
}

export function refusalOf(problem: Problem): Refusal {
  if (problem.status === 429 || problem.code === 'locked') {
    const wait = problem.retry_after_s;
    const text = wait === null ? t('signin.locked_what_plain') : t('signin.locked_what', { wait: span(wait * 1000) });
    return { title: t('signin.locked'), text };
  }
  if (problem.code === 'elsewhere') return { title: t('signin.elsewhere'), text: t('signin.elsewhere_what'), elsewhere: true };
  if (problem.code === 'disabled') return { title: t('signin.disabled'), text: t('signin.disabled_what') };
  if (problem.code === 'second_factor_wrong') return { title: t('signin.code_wrong'), text: t('signin.code_wrong_what') };
  if (problem.status === 401) return { title: t('signin.wrong'), text: t('signin.wrong_what') };
  return { title: problemTitle(problem), text: problemText(problem) };
}
