import { dirname, join, resolve } from 'node:path';

const root = resolve(
  dirname(require.resolve('@portico/walls/package.json')),
  '../..',
);

/** The shipped backend. */
export const backendFolder = join(root, 'packages/backend');

/** Ends a backend when the suite is gone. */
export const endsWithParent = join(
  root,
  'packages/launcher/bin/backendPreload.cjs',
);

/** Puts switches into the guards of a backend. */
export const guardSwitches = join(
  root,
  'packages/isolation-suite/src/mutants/switchGuards.cjs',
);
