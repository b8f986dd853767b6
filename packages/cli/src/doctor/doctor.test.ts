import { chmod } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import operationPlugin from '@portico/plugin-operation-backend';
import { CommandLine } from '../__testUtils__/CommandLine';
import { TestPortal } from '../__testUtils__/TestPortal';
import { type Check } from './Check';

const by = pluginAuditContext('test');

// Each command is a process of its own, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('portico doctor', () => {
  let portal: TestPortal;
  let kim: CommandLine;

  beforeAll(async () => {
    portal = await TestPortal.start({
      features: [operationPlugin],
      config: { app: { baseUrl: 'http://localhost:7007' } },
    });
    const pat = await portal.commandLineOf('user:default/pat');
    await pat.run(['tenant', 'create', 'aurora', '--title', 'Aurora Air']);
    await pat.remove();
    await portal.addPersona('user:aurora/kim', ['tenant-admin']);
    kim = await portal.commandLineOf('user:aurora/kim');
  });
  afterAll(async () => {
    await kim?.remove();
    await portal?.stop();
  });

  const diagnose = async (
    commandLine: CommandLine,
    args: string[] = [],
    env: Record<string, string> = {},
  ) => {
    const { code, stdout } = await commandLine.run(
      ['doctor', '--output', 'json', ...args],
      env,
    );
    const { ok, checks } = JSON.parse(stdout) as {
      ok: boolean;
      checks: Check[];
    };
    return {
      code,
      ok,
      check: (name: string) => checks.find(check => check.name === name),
      statuses: Object.fromEntries(
        checks.map(check => [check.name, check.status]),
      ),
    };
  };

  it('finds all well', async () => {
    const { code, ok, statuses, check } = await diagnose(kim);
    expect(statuses).toEqual({
      node: 'ok',
      git: 'ok',
      credentials: 'ok',
      portal: 'ok',
      clock: 'ok',
      token: 'ok',
      session: 'ok',
      sources: 'ok',
    });
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(check('session')?.found).toBe('user:aurora/kim (tenant-admin)');
  });

  it('looks at the whole installation for administrators of the platform alone', async () => {
    const pat = await portal.commandLineOf('user:default/pat');
    const { statuses, check, code } = await diagnose(pat);
    expect(statuses).toMatchObject({
      session: 'ok',
      installation: 'ok',
      database: 'ok',
      'database clock': 'ok',
      'database migrations': 'ok',
      'database login': 'ok',
      jobs: 'ok',
      'identity provider': 'warning',
      'git hosts': 'ok',
      'external systems': 'ok',
    });
    expect(check('database login')?.found).toContain('portico_app is bounded');
    expect(code).toBe(0);
    await pat.remove();

    const ask = async (userRef: string) =>
      fetch(`${portal.url}/api/operation/checks`, {
        headers: { authorization: `Bearer ${await portal.tokenOf(userRef)}` },
      });
    expect((await ask('user:default/pat')).status).toBe(200);
    expect((await ask('user:aurora/kim')).status).toBe(403);
  });

  it('warns of refusals, of a readable credentials file and of a missing git', async () => {
    await kim.run(['source', 'add', 'billing', '--repository', 'billing']);
    await portal.tenancy.sources.recordScan({
      tenant: 'aurora',
      source: 'billing',
      revision: 'abc123',
      entities: [],
      refusals: [{ file: 'catalog-info.yaml', reason: 'is no YAML' }],
    });
    await chmod(kim.credentialsPath, 0o644);

    const { code, statuses, check } = await diagnose(kim, [], { PATH: '' });

    expect(statuses).toMatchObject({
      git: 'warning',
      credentials: 'warning',
      sources: 'warning',
    });
    expect(check('sources')).toMatchObject({
      found: expect.stringContaining('billing'),
      hint: 'portico source refusals',
    });
    // Warnings do not make it fail.
    expect(code).toBe(0);
    await chmod(kim.credentialsPath, 0o600);
  });

  it('fails for a token that is not accepted', async () => {
    const wrong = await diagnose(kim, [], {
      PORTICO_TOKEN: 'portico_aurora_0000000000000000_wrong',
    });
    expect(wrong).toMatchObject({
      code: 1,
      ok: false,
      statuses: { portal: 'ok', token: 'failed' },
    });
    expect(wrong.check('token')?.hint).toContain('PORTICO_TOKEN');

    const nobody = await CommandLine.create(portal.url);
    const missing = await diagnose(nobody, ['--url', portal.url]);
    expect(missing).toMatchObject({ code: 1, statuses: { token: 'failed' } });
    expect(missing.check('token')?.hint).toBe('Run portico login');
    await nobody.remove();
  });

  it('fails for a session that was ended at the portal', async () => {
    const alex = await portal.commandLineOf('user:aurora/kim');
    await portal.tenancy.sessions.end({ by, userRef: 'user:aurora/kim' });

    const { code, statuses } = await diagnose(alex);

    expect(code).toBe(1);
    expect(statuses).toMatchObject({ token: 'ok', session: 'failed' });
    await alex.remove();
  });

  describe('at another address', () => {
    let server: Server;
    let answer: RequestListener;
    let url: string;

    beforeAll(async () => {
      server = createServer((request, response) => answer(request, response));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    const token = 'portico_aurora_0000000000000000_secret';
    const whoami = () =>
      kim.run(['whoami', '--url', url, '--timeout', '1'], {
        PORTICO_TOKEN: token,
      });

    it('fails when nobody listens', async () => {
      const gone = createServer().listen(0, '127.0.0.1');
      await once(gone, 'listening');
      const { port } = gone.address() as AddressInfo;
      gone.close();
      await once(gone, 'close');
      const args = ['--url', `http://127.0.0.1:${port}`];

      const { code, check } = await diagnose(kim, args);
      expect(code).toBe(1);
      expect(check('portal')).toMatchObject({
        status: 'failed',
        hint: expect.stringContaining('--url'),
      });

      const plain = await kim.run(['tenant', 'list', ...args], {
        PORTICO_TOKEN: token,
      });
      expect(plain.code).toBe(1);
      expect(plain.stderr).toContain('Could not reach');
      expect(plain.stderr).toContain('ECONNREFUSED');
    });

    it('fails when the clocks are far apart', async () => {
      answer = (_request, response) =>
        response
          .writeHead(200, {
            date: new Date(Date.now() - 3_600_000).toUTCString(),
          })
          .end('{}');
      const { check } = await diagnose(kim, ['--url', url]);
      expect(check('clock')).toMatchObject({
        status: 'failed',
        found: expect.stringMatching(/3[56]\d\d s ahead of the portal/),
      });
    });

    it.each<[string, RequestListener, string]>([
      [
        'answers with a web page',
        (_request, response) => response.end('<html>hello</html>'),
        'did not answer with JSON',
      ],
      [
        'answers in an unknown form',
        (_request, response) => response.end('{"backstageIdentity": 7}'),
        'in a form that this version',
      ],
      ['never answers', () => {}, 'no answer within 1 seconds'],
      [
        'answers without end',
        (_request, response) => {
          const chunk = 'x'.repeat(1024 * 1024);
          const more = () => {
            while (!response.destroyed && response.write(chunk));
          };
          response.on('drain', more);
          more();
        },
        'the answer is larger than',
      ],
      ['hangs up', request => request.socket.destroy(), 'Could not reach'],
      [
        'breaks down',
        (_request, response) => response.writeHead(500).end('oops'),
        'HTTP 500',
      ],
    ])('ends with 1 when it %s', async (_what, listener, sentence) => {
      answer = listener;
      const { code, stdout, stderr } = await whoami();
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(sentence);
      expect(stderr).not.toContain(token);
    });

    it('does not carry the token along a redirect', async () => {
      const seen: string[] = [];
      answer = (request, response) => {
        seen.push(String(request.url));
        response.writeHead(307, { location: `${url}/elsewhere` }).end();
      };
      expect((await whoami()).code).toBe(1);
      expect(seen).toEqual(['/api/auth/machine/refresh']);
    });
  });
});
