import { useEffect, useState } from 'react';
import { get } from '../../api/client';
import type { Visitor } from '../../api/shapes';
import { Logo } from '../../components/Logo';
import { useLang, useT } from '../../i18n';
import { setLang } from '../../store/prefs';
import { CallCard } from './CallCard';
import './visitor.css';

export function VisitorPage() {
  const t = useT();
  const lang = useLang();
  const [visitor, setVisitor] = useState<Visitor | null>(null);
  const [away, setAway] = useState(false);
  useEffect(() => {
    document.title = t('visitor.title');
  }, [t, lang]);
  useEffect(() => {
    get<Visitor>('/visitor').then(setVisitor, () => setAway(true));
  }, []);
  return (
    <main className="visitor">
      <header className="visitor-top">
        <span className="visitor-logo">
          <Logo />
        </span>
        <b>{t('app.name')}</b>
        <button type="button" className="visitor-lang" lang={lang === 'en' ? 'zh-CN' : 'en'} onClick={() => setLang(lang === 'en' ? 'zh-CN' : 'en')}>
          {lang === 'en' ? '中文' : 'English'}
        </button>
      </header>
      {away && (
        <section className="visitor-card" role="alert">
          <h1>{t('visitor.away')}</h1>
          <p>{t('visitor.away_what')}</p>
          <button type="button" className="visitor-main" onClick={() => location.reload()}>
            {t('common.retry')}
          </button>
        </section>
      )}
      {visitor && <CallCard visitor={visitor} />}
    </main>
  );
}
