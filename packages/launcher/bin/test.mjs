#!/usr/bin/env node
// `npm test`: the whole suite against an embedded PostgreSQL of its own. Arguments go
// to Jest: npm test -- plugins/tenancy-backend
import { fail } from './LauncherError.mjs';
import { runSources } from './runSources.mjs';

runSources('test.ts', process.argv.slice(2)).catch(fail);
