#!/usr/bin/env node
// `npm run test:kill`: a promotion's process is killed at each point, and another goes on.
// Arguments go to the run: npm run test:kill -- --quick
import { fail } from './LauncherError.mjs';
import { runSources } from './runSources.mjs';

// The tool chain runs programs from the launcher's sources; this one lies beside the engine.
runSources(
  '../../../plugins/promotions-backend/src/__testUtils__/killTest/main.ts',
  process.argv.slice(2),
).catch(fail);
