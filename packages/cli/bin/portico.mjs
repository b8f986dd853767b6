#!/usr/bin/env node
// Starts the command line: the built one where there is one (an installed package),
// else the TypeScript sources through the project's own transform.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const built = new URL('../dist/index.cjs.js', import.meta.url);
const sources = new URL('../src/index.ts', import.meta.url);

if (existsSync(sources)) {
  require('@backstage/cli/config/nodeTransform.cjs');
}
const { run } = require((existsSync(sources) ? sources : built).pathname);
process.exitCode = await run(process.argv);
