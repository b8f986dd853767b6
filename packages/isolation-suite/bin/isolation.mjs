#!/usr/bin/env node
// `npm run test:isolation`: nothing of one tenant is seen, counted or changed by another.
// Arguments go to the suite: npm run test:isolation -- --quick
import { fail } from '../../launcher/bin/LauncherError.mjs';
import { runSources } from '../../launcher/bin/runSources.mjs';

// The tool chain runs programs from the launcher's sources; this one lies beside it.
runSources('../../isolation-suite/src/main.ts', process.argv.slice(2)).catch(
  fail,
);
