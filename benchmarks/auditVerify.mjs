// How many entries per second portico audit verify reads, and the memory it takes. Makes
// a bundle of a million entries of about 500 bytes, with a checkpoint each thousand, and
// verifies it with the command line as a user has it. Needs no portal:
//   node benchmarks/auditVerify.mjs [entries] [runs]
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

const require = createRequire(import.meta.url);
require('@backstage/cli/config/nodeTransform.cjs');
const {
  chainEntry,
  CompactRange,
  createSigningKey,
  digestText,
  formatBundleLine,
  formatVerifierKey,
  genesisHash,
  newSalt,
  signCheckpoint,
} = require('../plugins/audit-common/src/chain');

const entries = Number(process.argv[2] ?? 1_000_000);
const runs = Number(process.argv[3] ?? 3);
const everyEntries = 1000;
const origin = 'portal.example.com';
const chain = 'aurora';
const key = createSigningKey(origin, newSalt().toString('base64'));

const folder = await mkdtemp(path.join(tmpdir(), 'portico-audit-'));
const entriesFile = path.join(folder, 'entries.jsonl');
const bundleFile = path.join(folder, 'bundle.jsonl');
try {
  await generate();
  const bytes = statSync(bundleFile).size;
  console.log(
    `${entries} entries, ${Math.round(
      bytes / entries,
    )} bytes each with checkpoints, ${Math.round(bytes / 1e6)} MB`,
  );
  const rates = [];
  for (let run = 0; run < runs; run += 1) {
    rates.push(await verify());
  }
  rates.sort((left, right) => left - right);
  console.log(
    `verify: n ${runs}, p50 ${rates[Math.floor(runs / 2)]} entries/s, min ${
      rates[0]
    }, max ${rates[runs - 1]}; the time to start included`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Entries first, because the checkpoints stand before them. */
async function generate() {
  const range = new CompactRange();
  const checkpoints = [];
  const lines = createWriteStream(entriesFile);
  let previous = genesisHash(origin, chain);
  let batch = '';
  for (let sequence = 1; sequence <= entries; sequence += 1) {
    const { text, hash } = chainEntry({
      draft: {
        chain,
        act: 'tenancy.member.add',
        severity: 'medium',
        outcome: 'succeeded',
        actor: { kind: 'person', ref: { $personal: digestText(previous) } },
        subject: { kind: 'member', ref: `group:aurora/team-${sequence % 100}` },
        requestId: randomUUID(),
        details: { roles: ['developer', 'approver'] },
      },
      id: randomUUID(),
      occurredAt: new Date(Date.UTC(2026, 0, 1) + sequence * 1000),
      sequence,
      previous,
    });
    previous = hash;
    range.append(hash);
    batch += `${text}\n`;
    if (sequence % everyEntries === 0 || sequence === entries) {
      checkpoints.push(sign(sequence, range.root(), hash));
      if (!lines.write(batch)) await once(lines, 'drain');
      batch = '';
    }
  }
  lines.end();
  await once(lines, 'finish');

  const bundle = createWriteStream(bundleFile);
  const header = {
    type: 'bundle',
    version: 1,
    origin,
    chain,
    kind: 'complete',
    exportedAt: new Date().toISOString(),
    filter: { chain },
    size: entries,
  };
  const first = { type: 'key', key: formatVerifierKey(key.verifier) };
  bundle.write(
    [header, first, ...checkpoints]
      .map(line => `${formatBundleLine(line)}\n`)
      .join(''),
  );
  const { createReadStream } = await import('node:fs');
  for await (const chunk of createReadStream(entriesFile)) {
    if (!bundle.write(chunk)) await once(bundle, 'drain');
  }
  bundle.end(`${formatBundleLine({ type: 'end', entries, disclosures: 0 })}\n`);
  await once(bundle, 'finish');
}

function sign(size, root, hash) {
  const checkpoint = {
    origin,
    chain,
    size,
    root,
    head: digestText(hash),
    time: new Date().toISOString(),
  };
  return { type: 'checkpoint', note: signCheckpoint(checkpoint, key) };
}

/** Runs the command once; entries per second. */
async function verify() {
  const program = path.resolve(
    import.meta.dirname,
    '../packages/cli/bin/portico.mjs',
  );
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      // Prints the most kilobytes that the process ever held, and its processor time.
      '--import',
      'data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();console.error("used",u.maxRSS,u.userCPUTime+u.systemCPUTime)})',
      program,
      'audit',
      'verify',
      bundleFile,
      '--key',
      formatVerifierKey(key.verifier),
      '--output',
      'json',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stderr.on('data', data => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - started) / 1000;
  if (
    code !== 0 ||
    JSON.parse(stdout).files[0].chains[0].confirmed !== entries
  ) {
    throw new Error(`The verification failed: ${stdout}${stderr}`);
  }
  const rate = Math.round(entries / seconds);
  const [, kilobytes, microseconds] = /used (\d+) (\d+)/.exec(stderr) ?? [];
  const busy = Number(microseconds) / 1e6;
  console.log(
    `verified in ${seconds.toFixed(1)} s: ${rate} entries/s; ${busy.toFixed(
      1,
    )} s of processor time: ${Math.round(
      entries / busy,
    )} entries/s; peak ${Math.round(Number(kilobytes) / 1024)} MB`,
  );
  return rate;
}
