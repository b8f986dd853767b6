#!/usr/bin/env node
// `npm run demo:reset`: empties the data folder of a development portal, so that the
// next `npm start` makes the demo anew.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { fail, LauncherError } from './LauncherError.mjs';
import { takeLock } from './lock.mjs';
import { root } from './paths.mjs';

const usage = `npm run demo:reset -- [options]

Removes everything that a development portal keeps: the database, the repositories, the
secrets and all that was made from them. The next "npm start" makes the demo anew. It
removes what people made as well; nothing outside of the data folder is touched.

  --data <folder>  the data folder (.portico)
  --yes            do not ask
  --help           print this`;

/** What a portal keeps. Tool chain, caches and packages are no data, and stay. */
const kept = [
  'postgres',
  'git',
  'docs',
  'docs-work',
  'runtime',
  'checkpoints',
  'evidence',
  'logs',
  'secrets.json',
];

async function reset() {
  const { data, yes, help } = readOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  // Both are there after the first minute of a first start, and nowhere else.
  if (
    !['postgres', 'secrets.json'].some(name => existsSync(join(data, name)))
  ) {
    const how = existsSync(data)
      ? 'holds nothing of a portal'
      : 'does not exist';
    process.stdout.write(`There is nothing to reset: ${data} ${how}.\n`);
    return;
  }
  const lock = await takeLock(data);
  try {
    const names = readdirSync(data).filter(name => kept.includes(name));
    if (!yes && !(await confirm(data, names))) {
      process.stdout.write('Nothing was removed.\n');
      process.exitCode = 1;
      return;
    }
    // The database goes last: while it is there, another reset goes on with the rest.
    const last = name => Number(name === 'postgres');
    for (const name of names.sort((a, b) => last(a) - last(b))) {
      rmSync(join(data, name), { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
  process.stdout.write(
    `Nothing of a portal is left in ${
      relative(root, data) || data
    }; "npm start" makes the demo anew.\n`,
  );
}

function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        data: { type: 'string', default: resolve(root, '.portico') },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return { ...values, data: resolve(values.data) };
  } catch (error) {
    throw new LauncherError(`${error.message}\n\n${usage}`);
  }
}

async function confirm(data, names) {
  const what = `${names.join(', ')} in ${data}`;
  if (!process.stdin.isTTY) {
    throw new LauncherError(
      `This removes ${what}, and what people made there with it: say so with "npm run demo:reset -- --yes".`,
    );
  }
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
  });
  const answer = await terminal.question(
    `This removes ${what}, and what people made there with it. Type "yes" to go on: `,
  );
  terminal.close();
  return answer.trim() === 'yes';
}

reset().catch(fail);
