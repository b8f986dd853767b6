import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportEvidence } from './exportEvidence';

// Processes take their time on a busy machine.
jest.setTimeout(60_000);

const WHOLE = `{"type":"entry"}\n{"type":"end"}\n`;

let server: Server;
let baseUrl: string;
let folder: string;
/** How often the chains are asked before they are signed. */
let looksUntilSigned: number;
let exported: string;
let calls: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'portico-evidence-'));
  looksUntilSigned = 0;
  exported = WHOLE;
  calls = [];
  server = createServer((request, response) => {
    const url = request.url ?? '';
    calls.push(`${request.headers.authorization ?? ''} ${url}`);
    response.setHeader('content-type', 'application/json');
    if (url === '/api/auth/persona/refresh') {
      const token = request.headers['x-portico-persona'];
      response.end(JSON.stringify({ backstageIdentity: { token } }));
    } else if (url === '/api/audit/chains') {
      looksUntilSigned -= 1;
      const checkpoint = (chain: string) => ({
        chain,
        size: looksUntilSigned < 0 ? 12 : 3,
        note: 'note',
        createdAt: '2026-11-21T11:00:00Z',
      });
      response.end(
        JSON.stringify({
          items: ['default', 'aurora', 'borealis'].map(chain => ({
            chain,
            size: 10,
            oldest: 1,
            waiting: 2,
            checkpoint: checkpoint(chain),
            anchors: [],
          })),
          keys: ['portal+22222222+new', 'portal+11111111+old'],
          origin: 'portal',
        }),
      );
    } else {
      response.end(exported);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const signal = () => new AbortController().signal;

it('exports each organisation as the auditor, with the oldest key, for the owner alone', async () => {
  const target = path.join(folder, 'evidence');
  const evidence = await exportEvidence({
    baseUrl,
    folder: target,
    signal: signal(),
  });
  expect(evidence).toEqual({
    exports: {
      aurora: path.join(target, 'aurora.jsonl'),
      borealis: path.join(target, 'borealis.jsonl'),
    },
    keyFile: path.join(target, 'portal.key'),
    created: true,
  });
  expect(await readFile(evidence.exports.aurora, 'utf8')).toBe(WHOLE);
  expect(await readFile(evidence.keyFile, 'utf8')).toBe(
    'portal+11111111+old\n',
  );
  for (const file of await readdir(target)) {
    expect((await stat(path.join(target, file))).mode % 0o100).toBe(0);
  }
  expect(calls).toContain(
    'Bearer user:default/ana /api/audit/export?chain=aurora&format=jsonl',
  );
});

it('leaves exports that are there as they are, and asks nothing', async () => {
  await exportEvidence({ baseUrl, folder, signal: signal() });
  calls = [];
  const again = await exportEvidence({ baseUrl, folder, signal: signal() });
  expect(again.created).toBe(false);
  expect(calls).toEqual([]);
});

it('keeps nothing of an export that broke off', async () => {
  exported = WHOLE.slice(0, -3);
  await expect(
    exportEvidence({ baseUrl, folder, signal: signal() }),
  ).rejects.toThrow('The audit export of aurora broke off');
  expect(await readdir(folder)).toEqual([]);
});

it('waits for a signature that covers all of it', async () => {
  looksUntilSigned = Infinity;
  const controller = new AbortController();
  const run = exportEvidence({ baseUrl, folder, signal: controller.signal });
  // Twice: before it begins to wait, and as the first look.
  while (calls.filter(call => call.endsWith('/chains')).length < 2) {
    await new Promise(resolve => setImmediate(resolve));
  }
  controller.abort();
  await expect(run).rejects.toThrow(/abort/i);
  expect(await readdir(folder)).toEqual([]);
});
