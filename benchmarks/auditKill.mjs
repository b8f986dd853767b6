// Kills the relay of the audit with SIGKILL under load and looks for what was lost,
// doubled or reordered: node benchmarks/auditKill.mjs [kills] [writers]
// Starts a PostgreSQL of its own with fsync on. Writers append in transactions of 1 to
// 20 acts, numbered each for itself; one in ten transactions is taken back. The relay is
// a process of its own, killed at a random moment after its first batches.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { withAuditPostgres } from './auditPostgres.mjs';

const require = createRequire(import.meta.url);
const { appendAudit, defineAuditAct } = require('../plugins/audit-node/src');
const { Client } = require('pg');

const kills = Number(process.argv[2] ?? 100);
const writers = Number(process.argv[3] ?? 4);
const ORIGIN = 'benchmark.example.com';
const chains = ['aurora', 'borealis'];

const act = defineAuditAct({
  name: 'test.thing.change',
  severity: 'low',
  when: 'A thing changes.',
  fields: ['writer', 'number'],
});

function startRelay(appUrl) {
  return spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      join(
        import.meta.dirname,
        '../plugins/audit-backend/src/__testUtils__/relayProcess.ts',
      ),
      appUrl,
      ORIGIN,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

await withAuditPostgres(async ({ database, appUrl, adminUrl }) => {
  let writing = true;
  const committed = new Map();
  const load = Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const numbers = Object.fromEntries(chains.map(chain => [chain, 0]));
      while (writing) {
        const chain = chains[Math.floor(Math.random() * chains.length)];
        const count = 1 + Math.floor(Math.random() * 20);
        const isTakenBack = Math.random() < 0.1;
        try {
          await database.inTenant(chain, async transaction => {
            for (let index = 0; index < count; index += 1) {
              await appendAudit(transaction, {
                chain,
                act,
                context: {
                  actor: {
                    kind: 'person',
                    ref: `user:${chain}/writer-${writer}`,
                  },
                },
                subject: { kind: 'thing', ref: 'x' },
                details: {
                  writer,
                  number: isTakenBack ? -1 : numbers[chain] + index,
                },
              });
            }
            if (isTakenBack) {
              throw new Error('taken back');
            }
          });
          numbers[chain] += count;
          committed.set(`${chain} ${writer}`, numbers[chain]);
        } catch (error) {
          if (error.message !== 'taken back') {
            throw error;
          }
        }
        // so that the relay, which always starts anew, can follow
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    }),
  );

  const began = performance.now();
  for (let kill = 1; kill <= kills; kill += 1) {
    const child = startRelay(appUrl);
    const exited = once(child, 'exit');
    let batches = 1 + Math.floor(Math.random() * 3);
    for await (const line of createInterface({ input: child.stdout })) {
      batches -= line === 'chained' ? 1 : 0;
      if (batches === 0) {
        setTimeout(() => child.kill('SIGKILL'), Math.random() * 60);
      }
    }
    await exited;
    if (kill % 10 === 0) {
      console.log(
        `${kill} kills in ${((performance.now() - began) / 1_000).toFixed(
          0,
        )} s`,
      );
    }
  }
  writing = false;
  await load;

  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  const last = startRelay(appUrl);
  for (;;) {
    const { rows } = await admin.query(
      'select count(*) from portico_audit.outbox',
    );
    if (rows[0].count === '0') {
      break;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  const ended = once(last, 'exit');
  last.kill('SIGKILL');
  await ended;

  let entries = 0;
  let lost = 0;
  let doubled = 0;
  let reordered = 0;
  let broken = 0;
  for (const chain of chains) {
    const { rows } = await admin.query(
      'select sequence, entry, hash from portico_audit.entries where chain = $1 order by sequence',
      [chain],
    );
    entries += rows.length;
    let previous = createHash('sha256')
      .update(`portico-audit/v1\n${ORIGIN}/${chain}\n`)
      .digest('hex');
    const seen = new Map();
    rows.forEach(({ sequence, entry: text, hash }, index) => {
      const entry = JSON.parse(text);
      const computed = createHash('sha256').update(`\0${text}`).digest('hex');
      if (
        Number(sequence) !== index + 1 ||
        entry.previous !== `sha256:${previous}` ||
        computed !== hash.toString('hex')
      ) {
        broken += 1;
      }
      previous = computed;
      const { writer, number } = entry.details;
      const numbers = seen.get(writer) ?? new Set();
      if (numbers.has(number) || number === -1) {
        doubled += 1;
      } else if (number !== numbers.size) {
        reordered += 1;
      }
      numbers.add(number);
      seen.set(writer, numbers);
    });
    for (let writer = 0; writer < writers; writer += 1) {
      lost += Math.max(
        0,
        (committed.get(`${chain} ${writer}`) ?? 0) -
          (seen.get(writer)?.size ?? 0),
      );
    }
  }
  await admin.end();
  console.log(
    `${kills} kills, ${entries} entries: ${lost} lost, ${doubled} doubled, ${reordered} out of order, ${broken} with a wrong number, link or hash`,
  );
  process.exitCode = lost + doubled + reordered + broken > 0 ? 1 : 0;
});
