// The page's beginning: draws it into the one element that there is.

import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('page');
if (root) render(<App />, root);
