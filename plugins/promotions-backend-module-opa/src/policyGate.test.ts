import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Gate, type GateServer } from '@portico/plugin-promotions-node';
import { freePort } from './__testUtils__/freePort';
import { entrypoints, findOpa, policyFiles } from './__testUtils__/policyFiles';
import { askPolicy, type Difference } from './__testUtils__/askPolicy';
import { startRealOpa } from './__testUtils__/startRealOpa';
import { startStrictOpa } from './__testUtils__/startStrictOpa';
import { OpaServer } from './OpaServer';
import { policyGate } from './policyGate';
import { readBundle } from './readBundle';
import { WasmPolicy } from './WasmPolicy';

const run = promisify(execFile);
const TOKEN = 'hunter2hunter2';

jest.setTimeout(60_000);

const opa = findOpa();
if (!opa) {
  // eslint-disable-next-line no-console -- a skip has to be seen
  console.warn(
    'SKIPPED: 1 of 3 ways to ask a policy: there is no opa, set PORTICO_TEST_OPA',
  );
}

const gateWith = (server: Partial<GateServer> & { url: URL }): Gate =>
  policyGate({
    servers: new Map([
      [
        'main',
        new OpaServer({
          name: 'main',
          token: TOKEN,
          timeoutMilliseconds: 10_000,
          ...server,
        }),
      ],
    ]),
    bundles: new Map(),
  });

/** What stands behind the gate, and how its options name it. */
interface Behind {
  gate: Gate;
  named: { server: string } | { bundle: string };
  /** What the evidence says of where the decision comes from. */
  origin: object;
  stop(): Promise<void>;
}

const serverOrigin = {
  decisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  version: expect.stringMatching(/^1\./),
};

const ways: Array<[string, () => Promise<Behind>]> = [
  [
    'a strict stand-in',
    async () => {
      const { url, stop } = await startStrictOpa(TOKEN);
      return {
        gate: gateWith({ url: new URL(url) }),
        named: { server: 'main' },
        origin: serverOrigin,
        stop,
      };
    },
  ],
  [
    'a policy in process',
    async () => {
      const policy = await WasmPolicy.load({
        name: 'main',
        file: policyFiles.bundle,
      });
      return {
        gate: policyGate({
          servers: new Map(),
          bundles: new Map([['main', policy]]),
        }),
        named: { bundle: 'main' },
        origin: {
          bundleDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        },
        stop: () => policy.stop(),
      };
    },
  ],
];
if (opa) {
  ways.push([
    'a real server',
    async () => {
      const { url, stop } = await startRealOpa(opa, TOKEN);
      return {
        gate: gateWith({ url: new URL(url) }),
        named: { server: 'main' },
        origin: serverOrigin,
        stop,
      };
    },
  ]);
}

describe.each(ways)('policyGate with %s', (_, start) => {
  let behind: Behind;

  beforeAll(async () => {
    behind = await start();
  });
  afterAll(() => behind.stop());

  const ask = (
    rule: string,
    more: Difference = {},
    options: { denial?: string } = {},
  ) =>
    askPolicy(
      behind.gate,
      { ...behind.named, path: `portico/promotion/${rule}`, ...options },
      more,
    );

  it('passes what the policy allows, and keeps how it was decided', async () => {
    await expect(ask('decision')).resolves.toEqual({
      outcome: 'passed',
      reason: 'The policy portico/promotion/decision allows it.',
      askAgainAt: new Date('2026-11-21T12:05:00.000Z'),
      evidence: {
        path: 'portico/promotion/decision',
        allow: true,
        reasons: [],
        inputDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        ...behind.named,
        ...behind.origin,
      },
    });
    await expect(ask('yes')).resolves.toMatchObject({ outcome: 'passed' });
  });

  it('waits with the reasons of the policy', async () => {
    await expect(
      ask('decision', { owner: 'user:aurora/kim', withoutSource: true }),
    ).resolves.toMatchObject({
      outcome: 'waiting',
      reason:
        'The policy portico/promotion/decision does not allow it: component:aurora/checkout is not owned by a group; the release has no source',
      evidence: { allow: false },
    });
  });

  it('reads the data of the policy', async () => {
    await expect(ask('decision', { name: 'blocked' })).resolves.toMatchObject({
      reason: expect.stringContaining('it is blocked by the platform'),
    });
  });

  it('refuses for good where the pipeline says so', async () => {
    await expect(
      ask('yes', { tenant: 'borealis' }, { denial: 'final' }),
    ).resolves.toMatchObject({
      outcome: 'failed',
      reason:
        'The policy portico/promotion/yes does not allow it, and gives no reason.',
    });
  });

  it('is told what is promoted: another release is another input', async () => {
    const [one, again, other] = await Promise.all([
      ask('decision'),
      ask('decision'),
      ask('decision', { withoutSource: true }),
    ]);
    expect(one.evidence.inputDigest).toBe(again.evidence.inputDigest);
    expect(one.evidence.inputDigest).not.toBe(other.evidence.inputDigest);
  });

  it.each([
    ['undecided', 'says nothing'],
    ['odd', 'says neither true or false'],
    ['failing', /did not decide|failed on|says nothing/],
    ['missing', /says nothing|has no entrypoint/],
  ])('cannot tell where the policy is %s', async (rule, message) => {
    await expect(ask(rule)).rejects.toThrow(message);
  });
});

describe('policyGate', () => {
  const gate = gateWith({ url: new URL('http://127.0.0.1:1') });

  it.each([
    [
      'neither server nor bundle',
      { path: 'a/b' },
      'either a server or a bundle',
    ],
    [
      'both',
      { path: 'a/b', server: 'main', bundle: 'main' },
      'either a server or a bundle',
    ],
    [
      'a server that nobody configured',
      { path: 'a/b', server: 'https://evil.example' },
      'only main',
    ],
    [
      'a bundle that nobody configured',
      { path: 'a/b', bundle: 'main' },
      'only none at all',
    ],
    [
      'a way out of the data',
      { path: '../policies', server: 'main' },
      'package and rule',
    ],
    [
      'a query in the path',
      { path: 'a?explain=full', server: 'main' },
      'package and rule',
    ],
    [
      'what it does not know',
      { path: 'a', server: 'main', allow: true },
      'allow',
    ],
  ])('refuses options with %s', (_, options, message) => {
    expect(() => gate.checkOptions(options)).toThrow(message);
  });

  it('cannot tell when its server is gone from the configuration', async () => {
    const other = policyGate({ servers: new Map(), bundles: new Map() });
    await expect(
      askPolicy(
        { ...other, checkOptions: gate.checkOptions },
        { path: 'a', server: 'main' },
      ),
    ).rejects.toThrow('there is no server "main" in this portal');
  });

  it('says why it cannot tell when nobody answers, and no secret', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const failure = askPolicy(gateWith({ url: new URL(`http://${host}`) }), {
      path: 'a',
      server: 'main',
    });
    await expect(failure).rejects.toThrow(
      `The OPA server main at ${host} does not answer as it should: ECONNREFUSED`,
    );
    await expect(failure).rejects.not.toThrow(TOKEN);
  });

  it('says that its token is refused', async () => {
    const { url, stop } = await startStrictOpa('another');
    try {
      await expect(
        askPolicy(gateWith({ url: new URL(url) }), {
          path: 'a',
          server: 'main',
        }),
      ).rejects.toThrow('it refuses our token (HTTP 401)');
    } finally {
      await stop();
    }
  });

  describe('with a server that is none', () => {
    let server: Server | undefined;

    afterEach(async () => {
      server?.close();
      server?.closeAllConnections();
      server = undefined;
    });

    const answering = async (
      answer: (response: ServerResponse) => void,
      timeoutMilliseconds = 10_000,
    ) => {
      server = createServer((_, response) => answer(response)).listen(
        0,
        '127.0.0.1',
      );
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      return gateWith({
        url: new URL(`http://127.0.0.1:${port}`),
        timeoutMilliseconds,
      });
    };

    it('cannot tell when it says nothing', async () => {
      const asked = askPolicy(await answering(() => {}, 200), {
        path: 'a',
        server: 'main',
      });
      await expect(asked).rejects.toThrow('it took longer than 0.2 s');
    });

    it.each<[string, (response: ServerResponse) => void, string]>([
      [
        'has trouble',
        response => response.writeHead(500).end('{"result":true}'),
        'it has trouble of its own (HTTP 500)',
      ],
      [
        'sends us elsewhere',
        response =>
          response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
        'sent us elsewhere',
      ],
      [
        'shows a page',
        response => response.end('<html>true</html>'),
        'in a form that OPA does not',
      ],
      [
        'says far too much',
        response =>
          response.end(`{"result":true,"x":"${'x'.repeat(2_000_000)}"}`),
        'it says more than',
      ],
      [
        'breaks off',
        response => response.destroy(),
        'does not answer as it should',
      ],
    ])('cannot tell when it %s', async (_, answer, message) => {
      const asked = askPolicy(await answering(answer), {
        path: 'a',
        server: 'main',
      });
      await expect(asked).rejects.toThrow(message);
    });
  });
});

describe('WasmPolicy', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'portico-wasm-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const loaded: WasmPolicy[] = [];
  afterEach(async () => {
    await Promise.all(loaded.splice(0).map(policy => policy.stop()));
  });
  const loadFile = async (
    file: string,
    more: { timeoutMilliseconds?: number } = {},
  ) => {
    const policy = await WasmPolicy.load({ name: 'main', file, ...more });
    loaded.push(policy);
    return policy;
  };
  const load = async (content: Buffer) => {
    const file = join(directory, 'policy');
    await writeFile(file, content);
    return loadFile(file);
  };

  it('ends a policy that does not end by itself, and holds nothing else up', async () => {
    const policy = await loadFile(policyFiles.slow, {
      timeoutMilliseconds: 3_000,
    });
    const decide = (rule: string, signal = new AbortController().signal) =>
      policy.decide({ path: `portico/slow/${rule}`, input: {}, signal });
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 50);
    const given = new AbortController();
    const [endless, quick, gone] = [
      decide('endless'),
      decide('quick'),
      decide('quick', given.signal),
    ];
    given.abort();
    await expect(endless).rejects.toThrow(
      'The policy "main" takes too long for portico/slow/endless: It did not decide within 3 s',
    );
    clearInterval(counting);
    // The thread of the portal went on all the time.
    expect(turns).toBeGreaterThan(3);
    await expect(quick).resolves.toMatchObject({ allow: true });
    await expect(gone).rejects.toThrow('failed on portico/slow/quick');
  });

  it('takes a policy without its bundle', async () => {
    const { wasm } = await readBundle(await readFile(policyFiles.bundle));
    const policy = await load(wasm);
    await expect(
      policy.decide({
        path: 'portico/promotion/yes',
        input: { tenant: 'aurora' },
        signal: new AbortController().signal,
      }),
    ).resolves.toMatchObject({ allow: true });
  });

  it.each([
    ['no archive', Buffer.from('hello')],
    ['a damaged policy', Buffer.from('\0asm and nothing else')],
    ['nothing', Buffer.alloc(0)],
  ])('says at the start what it cannot use: %s', async (_, content) => {
    await expect(load(content)).rejects.toThrow(
      'promotions.opa.bundles: the policy "main" cannot be read from',
    );
  });

  it('decides the same when it is built anew, where there is an opa', async () => {
    const file = opa ? join(directory, 'bundle.tar.gz') : policyFiles.bundle;
    const build = [
      'build',
      '-t',
      'wasm',
      ...entrypoints.flatMap(entrypoint => ['-e', entrypoint]),
      '-o',
      file,
      policyFiles.rego,
      policyFiles.data,
    ];
    if (opa) {
      await run(opa, build);
    }
    const policy = await loadFile(file);
    await expect(
      policy.decide({
        path: 'portico/promotion/yes',
        input: { tenant: 'aurora' },
        signal: new AbortController().signal,
      }),
    ).resolves.toMatchObject({ allow: true });
  });
});
