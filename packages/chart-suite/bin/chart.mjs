#!/usr/bin/env node
// `npm run test:chart`: what the Helm chart makes, and what a real API server says of it.
// Arguments go to jest: npm run test:chart -- values
import { fail } from '../../launcher/bin/LauncherError.mjs';
import { runSources } from '../../launcher/bin/runSources.mjs';

// The tool chain runs programs from the launcher's sources; this one lies beside it.
runSources('../../chart-suite/src/main.ts', process.argv.slice(2)).catch(fail);
