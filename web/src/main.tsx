// Two front doors: the visitor's page /call is small and needs no sign-in, so it loads none of the desk.
import { createRoot } from 'react-dom/client';
import './theme/tokens.css';
import './theme/base.css';

const root = createRoot(document.getElementById('root') as HTMLElement);

if (location.pathname.replace(/\/$/, '') === '/call') {
  void import('./pages/visitor/VisitorPage').then(({ VisitorPage }) => root.render(<VisitorPage />));
} else {
  void import('./App').then(({ App }) => root.render(<App />));
}
