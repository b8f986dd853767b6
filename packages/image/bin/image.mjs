#!/usr/bin/env node
// `npm run image` builds the image, `npm run test:image` builds and smoke-tests it where
// there is no container engine.
import { fail } from '../../launcher/bin/LauncherError.mjs';
import { runSources } from '../../launcher/bin/runSources.mjs';

// The tool chain runs programs from the launcher's sources; this one lies beside it.
runSources('../../image/src/main.ts', process.argv.slice(2)).catch(fail);
