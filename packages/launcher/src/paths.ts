import { resolve } from 'path';

// The launcher is only ever run from the sources of the repository.
// eslint-disable-next-line no-restricted-syntax -- never part of a production build
const packageRoot = resolve(__dirname, '..');

/** The root of the repository. */
export const repositoryRoot = resolve(packageRoot, '../..');

/** Loaded before the backend; see the comment there. */
export const backendPreload = resolve(packageRoot, 'bin/backendPreload.cjs');

/** Makes Node run TypeScript, with the transform that Backstage uses. */
export const nodeTransform = resolve(
  repositoryRoot,
  'node_modules/@backstage/cli/config/nodeTransform.cjs',
);

/** Where Node keeps compiled sources between starts; it may be deleted at any time. */
export const compileCache = resolve(
  repositoryRoot,
  'node_modules/.cache/portico-compile',
);
