import '@backstage/cli/asset-types';
import '@backstage/ui/css/styles.css';
import './modules/theme/tokens.css';
import './modules/theme/controls.css';
import './modules/theme/stock.css';
import ReactDOM from 'react-dom/client';
import { app } from './App';

// Asked for now, the typeface is there before the first text is.
void document.fonts.load('400 1em "Inter Variable"');

const root = document.getElementById('root');
if (!root) {
  throw new Error('index.html has no element with the id "root"');
}
ReactDOM.createRoot(root).render(app.createRoot());
