// `require` for packages and for the TypeScript of this repository.
import { createRequire } from 'node:module';

const requireHere = createRequire(import.meta.url);
requireHere('@backstage/cli/config/nodeTransform.cjs');

export const load = requireHere;
