#!/usr/bin/env node
// `npm run bed:build|bed:up|bed:down|bed:status` and `npm run test:bed`: real systems on loopback.
// Arguments go to the bed: npm run bed:up -- gitea
import { fail } from '../../launcher/bin/LauncherError.mjs';
import { runSources } from '../../launcher/bin/runSources.mjs';

// The tool chain runs programs from the launcher's sources; this one lies beside it.
runSources('../../testbed/src/main.ts', process.argv.slice(2)).catch(fail);
