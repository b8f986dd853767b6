import { spawn } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formatVerifierKey } from '@portico/plugin-audit-common/chain';
import { testKey, TestChain } from '@portico/plugin-audit-common/testUtils';
import { CommandLine } from '../__testUtils__/CommandLine';
import { AuditServer } from './__testUtils__/AuditServer';

// Each command is a process of its own, which takes its time on a busy machine.
jest.setTimeout(120_000);

const key = formatVerifierKey(testKey(1).verifier);
const aurora = new TestChain({ size: 300 });
const borealis = new TestChain({ chain: 'borealis', size: 20 });

describe('portico audit', () => {
  let server: AuditServer;
  let folder: string;
  let auditor: CommandLine;
  /** Environment in which any use of the network ends the process. */
  let offline: Record<string, string>;

  const inFolder = (name: string) => path.join(folder, name);
  const write = async (name: string, text: string) => {
    await mkdir(path.dirname(inFolder(name)), { recursive: true });
    await writeFile(inFolder(name), text);
    return inFolder(name);
  };
  const bundle = (chain: TestChain, checkpoints: number[]) =>
    `${chain.bundle({ checkpoints }).join('\n')}\n`;

  beforeAll(async () => {
    server = await AuditServer.start();
    server.chains = [aurora, borealis];
    folder = await mkdtemp(path.join(tmpdir(), 'portico-audit-'));
    auditor = await CommandLine.create(server.url);
    await auditor.keepSession({
      token: 'x.y.z',
      userRef: 'user:default/ana',
      expiresAt: Date.now() / 1000 + 3600,
    });
    const trap = await write(
      'noNetwork.cjs',
      `const end = () => { process.stderr.write('network used'); process.exit(99); };
       require('node:net').Socket.prototype.connect = end;
       require('node:dgram').createSocket = end;
       require('node:dns').lookup = end;
       globalThis.fetch = end;`,
    );
    offline = { NODE_OPTIONS: `--require=${trap}` };
  });

  afterAll(async () => {
    await auditor?.remove();
    await rm(folder, { recursive: true, force: true });
    await server?.stop();
  });

  it('verifies files without portal, sign-in and network', async () => {
    const trapped = await auditor.run(['whoami', '--url', server.url], offline);
    expect(trapped.code).toBe(99);

    const stranger = await CommandLine.create(server.url);
    // A settings file that cannot be read shows that nothing is read.
    await stranger.writeCredentials('broken');
    const first = await write('aurora.jsonl', bundle(aurora, [100, 256]));
    const second = await write('borealis.jsonl', bundle(borealis, [20]));
    await write('kept/aurora/000000000256.checkpoint', aurora.checkpoint(256));
    await write(
      'kept/borealis/000000000007.checkpoint',
      borealis.checkpoint(7),
    );
    const keys = await write('keys', `# of the portal\n${key}\n`);

    const { code, stdout, stderr } = await stranger.run(
      [
        ...['audit', 'verify', first, second, '--key', keys],
        ...['--checkpoints', inFolder('kept')],
      ],
      offline,
    );
    await stranger.remove();

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: [
        `${first}: Entries 257 to 300 are newer than the last checkpoint: nobody signed them yet, and others could have been cut off behind them`,
        `${second}: Entries behind 7, the newest kept checkpoint, are vouched for by the portal's signature alone`,
        '',
      ].join('\n'),
    });
    expect(stdout.split('\n')[0]).toMatch(
      /^FILE\s+CHAIN\s+ENTRIES\s+SIGNED\s+RESULT$/,
    );
    expect(stdout).toMatch(/aurora\s+300\s+256\s+verified$/m);
    expect(stdout).toMatch(/borealis\s+20\s+20\s+verified$/m);
  });

  it('reads standard input and names what is wrong', async () => {
    const text = bundle(aurora, [100, 256]).replace(
      'group:aurora/g123',
      'group:aurora/g124',
    );
    const result = await withInput(
      text,
      ['audit', 'verify', '-', '--key', key, '--output', 'json'],
      offline,
    );
    expect(result.code).toBe(1);
    const report = JSON.parse(result.stdout);
    expect(report).toMatchObject({
      ok: false,
      files: [
        {
          file: '-',
          ok: false,
          problem: {
            kind: 'edited',
            chain: 'aurora',
            sequence: 123,
            expected: expect.stringMatching(/^sha256:/),
            found: expect.stringMatching(/^sha256:/),
          },
        },
      ],
    });

    const file = await write('tampered.jsonl', text);
    const human = await auditor.run(['audit', 'verify', file, '--key', key]);
    expect(human.code).toBe(1);
    expect(human.stdout).toMatch(/edited at entry 123$/m);
    expect(human.stderr).toContain('Entry 123 was edited');
    expect(human.stderr).toContain('expected sha256:');
  });

  it.each([
    ['no key', ['audit', 'verify', 'x'], /--key/],
    [
      'a key that is none',
      ['audit', 'verify', 'x', '--key', 'y'],
      /neither a verifier key nor a file/,
    ],
    [
      'half a key',
      ['audit', 'verify', 'x', '--key', key.slice(0, -3)],
      /base64|bytes/,
    ],
    [
      'no kept checkpoint',
      ['audit', 'verify', 'x', '--key', key, '--checkpoints', '/nowhere/kept'],
      /--checkpoints/,
    ],
    [
      'a witness without a key',
      ['audit', 'witness', '--keep', '/nowhere/x'],
      /first visit needs --key/,
    ],
    [
      'an unknown filter',
      ['audit', 'export', '--file', 'x', '--outcome', 'maybe'],
      /outcome/,
    ],
  ])('refuses %s with exit code 2', async (_name, args, message) => {
    const { code, stderr } = await auditor.run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('witnesses, keeps, and verifies with what it kept', async () => {
    const keep = inFolder('witness.json');
    const args = ['audit', 'witness', '--portal', server.url, '--keep', keep];
    const small = borealis.copy();
    small.texts.length = 11;
    server.chains = [aurora, small];
    const first = await auditor.run([...args, '--key', key]);
    expect({ code: first.code, stderr: first.stderr }).toEqual({
      code: 0,
      stderr: '',
    });
    expect(first.stdout).toMatch(/^aurora\s+new\s+-\s+300\s/m);

    server.chains = [aurora, borealis];
    const second = await auditor.json(args);
    expect(second).toMatchObject({
      ok: true,
      chains: [
        { chain: 'aurora', outcome: 'same' },
        { chain: 'borealis', outcome: 'grown', before: 11, size: 20 },
      ],
    });

    const before = await readFile(keep, 'utf8');
    server.chains = [aurora.copy().rewriteFrom(9, 'as needed'), borealis];
    const lied = await auditor.run(args);
    expect(lied.code).toBe(1);
    expect(lied.stdout).toMatch(/^aurora\s+refused/m);
    expect(lied.stderr).toContain('forked');
    expect(await readFile(keep, 'utf8')).toBe(before);

    const file = await write(
      'rewritten.jsonl',
      bundle(server.chains[0], [300]),
    );
    const caught = await auditor.run(
      ['audit', 'verify', file, '--key', key, '--checkpoints', keep],
      offline,
    );
    expect(caught.code).toBe(1);
    expect(caught.stdout).toMatch(/fork at entry 300$/m);
    server.chains = [aurora, borealis];
  });

  it('exports to a file that appears whole or not at all', async () => {
    const file = inFolder('export.jsonl');
    const args = ['audit', 'export', '--url', server.url, '--file', file];
    const text = bundle(aurora, [300]);
    server.lies = { bundle: { text } };
    const done = await auditor.run([...args, '--chain', 'aurora']);
    expect(done.code).toBe(0);
    expect(done.stderr).toContain('portico audit verify');
    expect(server.asked.at(-1)).toBe(
      '/api/audit/export?format=jsonl&chain=aurora',
    );
    expect(await readFile(file, 'utf8')).toBe(text);

    const again = await auditor.run(args);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('is there already');
    expect(await readFile(file, 'utf8')).toBe(text);

    const half = text.slice(0, 20_000);
    for (const torn of [true, false]) {
      server.lies = { bundle: { text: half, torn } };
      const broken = await auditor.run([...args, '--force']);
      expect(broken.code).toBe(1);
      expect(broken.stderr).toMatch(/to the end|broke off/);
    }
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(
      (await readdir(folder)).filter(name => name.endsWith('.part')),
    ).toEqual([]);

    server.lies = { bundle: { text: bundle(borealis, [20]) } };
    expect((await auditor.run([...args, '--force'])).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(bundle(borealis, [20]));
    server.lies = {};
  });
});

/** Runs a command that reads standard input, without a sign-in. */
async function withInput(
  input: string,
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(
    process.execPath,
    [path.resolve(__dirname, '../../bin/portico.mjs'), ...args],
    {
      env: { PATH: process.env.PATH, HOME: tmpdir(), ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let stdout = '';
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout };
}
