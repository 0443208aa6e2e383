import { createRoot } from 'react-dom/client';
import './theme/tokens.css';
import './theme/base.css';

const root = createRoot(document.getElementById('root') as HTMLElement);

void import('./App').then(({ App }) => root.render(<App />));
