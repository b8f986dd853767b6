#!/usr/bin/env node
// `npm run test:e2e`: a fresh portal with the demo, and a real browser against it.
// Arguments go to Playwright: npm run test:e2e -- --grep "sign in"
import { fail } from './LauncherError.mjs';
import { runSources } from './runSources.mjs';

runSources('endToEnd.ts', process.argv.slice(2)).catch(fail);
