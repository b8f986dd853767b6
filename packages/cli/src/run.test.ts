import { TestPortal } from './__testUtils__/TestPortal';
import { CommandLine } from './__testUtils__/CommandLine';

// Each command is a process of its own, which takes its time on a busy machine.
jest.setTimeout(60_000);

describe('portico', () => {
  let portal: TestPortal;
  let pat: CommandLine;
  let kim: CommandLine;
  const created: CommandLine[] = [];

  const newcomer = async () => {
    const commandLine = await CommandLine.create(portal.url);
    created.push(commandLine);
    return commandLine;
  };

  beforeAll(async () => {
    portal = await TestPortal.start();
    pat = await portal.commandLineOf('user:default/pat');
    await pat.json(['tenant', 'create', 'aurora', '--title', 'Aurora Air']);
    await portal.addPersona('user:aurora/kim', ['tenant-admin']);
    kim = await portal.commandLineOf('user:aurora/kim');
    created.push(pat, kim);
  });

  afterAll(async () => {
    await Promise.all(created.map(commandLine => commandLine.remove()));
    await portal?.stop();
  });

  describe('login', () => {
    it('waits for the approval, keeps the session to its owner, and logout ends it', async () => {
      const alex = await newcomer();
      const login = alex.start(['login', '--url', portal.url]);
      const [, address, userCode] = await login.stderrMatching(
        /Open (\S+)\nand approve .* the code (\S+)/,
      );
      expect(address).toBe(`http://localhost:3000/device?code=${userCode}`);
      await portal.call(
        await portal.tokenOf('user:aurora/kim'),
        'POST',
        '/device/approve',
        { userCode },
      );

      const { code, stdout } = await login.ended;

      expect(code).toBe(0);
      expect(stdout).toContain('user:aurora/kim');
      expect(await alex.credentialsModes()).toEqual(['600', '700']);
      const credentials = await alex.readCredentials();
      const { token } = JSON.parse(credentials).sessions[portal.url];
      expect(stdout).not.toContain(token);

      // The portal of the login is the default from now on.
      expect((await alex.json(['whoami'])).userRef).toBe('user:aurora/kim');

      expect((await alex.run(['logout'])).code).toBe(0);
      expect(await alex.readCredentials()).not.toContain(token);
      const stolen = await fetch(`${portal.url}/api/tenancy/me`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(stolen.status).toBe(401);
      const after = await alex.run(['whoami']);
      expect(after.code).toBe(1);
      expect(after.stderr).toContain('run portico login');
    });

    it('says so when the session has expired', async () => {
      const late = await newcomer();
      await late.keepSession({
        token: 'x.y.z',
        userRef: 'user:aurora/kim',
        expiresAt: 1,
      });
      const { code, stderr } = await late.run(['whoami']);
      expect(code).toBe(1);
      expect(stderr).toContain('has expired: run portico login');
    });

    it('leaves a credentials file alone that it does not understand', async () => {
      const broken = await newcomer();
      await broken.writeCredentials('{ "sessions": 7');
      const { code, stderr } = await broken.run([
        'whoami',
        '--url',
        portal.url,
      ]);
      expect(code).toBe(1);
      expect(stderr).toContain(broken.credentialsPath);
      expect(await broken.readCredentials()).toBe('{ "sessions": 7');
    });
  });

  it('tells who one is, as a table and as JSON', async () => {
    const { code, stdout, stderr } = await kim.run(['whoami']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^User\s+user:aurora\/kim$/m);
    expect(stdout).toMatch(/^Tenant\s+aurora \(Aurora Air\)$/m);
    expect(stdout).toMatch(/^Roles\s+tenant-admin$/m);

    expect(await kim.json(['whoami'])).toMatchObject({
      userRef: 'user:aurora/kim',
      tenant: { id: 'aurora', title: 'Aurora Air' },
      roles: ['tenant-admin'],
    });
  });

  describe('tenant', () => {
    it('creates, lists and shows tenants for the platform', async () => {
      const list = await pat.json(['tenant', 'list']);
      expect(list.map((tenant: { id: string }) => tenant.id)).toEqual(
        expect.arrayContaining(['aurora', 'default']),
      );
      const { stdout } = await pat.run(['tenant', 'list']);
      expect(stdout.split('\n')[0]).toMatch(/^TENANT\s+TITLE\s+CREATED$/);
      expect(stdout).toMatch(/^aurora\s+Aurora Air\s+20/m);
      expect(await pat.json(['tenant', 'show', 'aurora'])).toMatchObject({
        id: 'aurora',
        members: expect.any(Number),
      });
      const again = await pat.run([
        'tenant',
        'create',
        'aurora',
        '--title',
        'Another',
      ]);
      expect(again.code).toBe(1);
      expect(again.stderr).toMatch(/HTTP 409.*aurora/);
    });

    it('shows their own to people of a tenant, and no other', async () => {
      expect(await kim.json(['tenant', 'show'])).toMatchObject({
        id: 'aurora',
        title: 'Aurora Air',
      });
      const members = await kim.json(['tenant', 'members']);
      expect(members).toContainEqual(
        expect.objectContaining({ name: 'kim', roles: ['tenant-admin'] }),
      );

      const refused = await kim.run(['tenant', 'list']);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('You may not do this');
      const foreign = await kim.run(['tenant', 'members', 'default']);
      const unknown = await kim.run(['tenant', 'members', 'nowhere']);
      expect(foreign.code).toBe(1);
      expect(foreign.stderr.replace('default', 'nowhere')).toBe(unknown.stderr);
    });
  });

  describe('source', () => {
    it('registers, lists, reads and removes a source', async () => {
      const added = await kim.json([
        'source',
        'add',
        'checkout',
        '--repository',
        'checkout',
      ]);
      expect(added.source).toMatchObject({
        tenant: 'aurora',
        name: 'checkout',
        location: {
          kind: 'repository',
          repository: 'checkout',
          branch: 'main',
          path: 'catalog-info.yaml',
        },
      });
      expect(added.webhook).toEqual({
        url: expect.stringContaining('/api/tenancy/hooks/aurora/checkout'),
        secret: expect.any(String),
      });
      // The secret is shown once.
      const again = await kim.run([
        'source',
        'add',
        'checkout',
        '--repository',
        'checkout',
      ]);
      expect(again.stdout).not.toContain(added.webhook.secret);

      const { stdout } = await kim.run(['source', 'list']);
      expect(stdout).toMatch(
        /^checkout\s+checkout@main:catalog-info.yaml\s+not read\s+-\s+-\s+-$/m,
      );
      expect((await kim.run(['source', 'read', 'checkout'])).code).toBe(0);
      expect((await kim.run(['source', 'remove', 'checkout'])).code).toBe(0);
      expect(await kim.json(['source', 'list'])).toEqual([]);
      const gone = await kim.run(['source', 'read', 'checkout']);
      expect(gone.code).toBe(1);
      expect(gone.stderr).toContain('Not found');
    });

    it('shows refusals with file and line, and lets no control characters through', async () => {
      await kim.json(['source', 'add', 'billing', '--repository', 'billing']);
      await portal.tenancy.sources.recordScan({
        tenant: 'aurora',
        source: 'billing',
        revision: 'abc123',
        entities: [],
        refusals: [
          {
            file: 'catalog-info.yaml',
            line: 12,
            entityRef: 'component:aurora/billing',
            reason: 'spec.owner is missing\u001b[2J\u001b]0;owned\u0007',
          },
        ],
      });

      const { code, stdout } = await kim.run(['source', 'refusals']);

      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^billing\s+catalog-info.yaml:12\s+component:aurora\/billing\s+spec.owner is missing/m,
      );
      // eslint-disable-next-line no-control-regex -- none of these may come out
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      expect(await kim.json(['source', 'refusals', 'billing'])).toHaveLength(1);
      await kim.run(['source', 'remove', 'billing']);
    });

    it.each([
      [['source', 'add', 'checkout'], 'either --repository or --location-url'],
      [
        [
          'source',
          'add',
          'x',
          '--repository',
          'x',
          '--location-url',
          'http://x',
        ],
        'either --repository or --location-url',
      ],
      [
        ['source', 'add', 'x', '--location-url', 'http://x', '--path', 'y'],
        'go with --repository',
      ],
      [['source', 'add', 'Check Out', '--repository', 'x'], 'must be 1 to 100'],
      [['source', 'add', 'x', '--repository', '../x'], 'is no repository name'],
    ])('says what is wrong with %j', async (args, sentence) => {
      const { code, stdout, stderr } = await kim.run(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(sentence);
    });
  });

  describe('token', () => {
    it('makes a token that signs a machine in until it is revoked', async () => {
      const made = await kim.run([
        'token',
        'create',
        'ci',
        '--scope',
        'git:read',
        'catalog:read',
        '--expires-in-days',
        '7',
      ]);
      expect(made.code).toBe(0);
      // Only the token is on standard output, ready for a script.
      expect(made.stdout).toMatch(/^portico_aurora_[0-9a-f]+_[\w-]+\n$/);
      const token = made.stdout.trim();
      expect(made.stderr).not.toContain(token);

      const machine = await newcomer();
      const env = { PORTICO_TOKEN: token };
      const whoami = ['whoami', '--url', portal.url];
      expect((await machine.json(whoami, env)).userRef).toBe(
        'user:aurora/bot-ci',
      );
      // A token in the environment wins over a login.
      expect((await kim.json(['whoami'], env)).userRef).toBe(
        'user:aurora/bot-ci',
      );

      const listed = await kim.run(['token', 'list']);
      expect(listed.stdout).toMatch(
        /ci\s+catalog:read,git:read\s+user:aurora\/kim/,
      );
      expect(listed.stdout).not.toContain(token);
      const [{ id }] = await kim.json(['token', 'list']);
      expect((await kim.run(['token', 'revoke', id])).code).toBe(0);

      const after = await machine.run(whoami, env);
      expect(after).toMatchObject({ code: 1, stdout: '' });
      expect(after.stderr).toContain('does not accept this sign-in');
      expect(after.stderr).not.toContain(token);
    });

    it.each([
      [['token', 'create', 'ci'], '--scope'],
      [['token', 'create', 'ci', '--scope', 'everything'], 'scopes.0'],
      [['token', 'create', 'c i', '--scope', 'git:read'], 'is no name'],
      [
        [
          'token',
          'create',
          'ci',
          '--scope',
          'git:read',
          '--expires-in-days',
          'soon',
        ],
        'expiresInDays',
      ],
    ])('says what is wrong with %j', async (args, sentence) => {
      const { code, stderr } = await kim.run(args);
      expect(code).toBe(2);
      expect(stderr).toContain(sentence);
    });
  });

  it.each([
    [['frobnicate'], 'unknown command'],
    [['tenant', 'frobnicate'], 'unknown command'],
    [['tenant', 'create', '--title', 'x'], 'missing required argument'],
    [['tenant', 'create', 'aurora'], 'required option'],
    [['tenant', 'create', 'A', '--title', 'x'], 'must be 2 to 40 characters'],
    [['whoami', '--output', 'yaml'], 'Allowed choices are table, json'],
    [['whoami', '--url', 'nowhere'], 'expected an address'],
    [['whoami', '--url', 'ftp://portal.example'], 'http or https'],
    [['whoami', '--url', 'https://me:pw@portal.example'], 'without user'],
    [['whoami', '--url', 'http://portal.example'], 'clear text'],
    [['whoami', '--timeout', 'never'], 'expected 1 to 600 seconds'],
  ])('ends with 2 for the command line %j', async (args, sentence) => {
    const { code, stdout, stderr } = await kim.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  it('ends with 0 for help and version', async () => {
    const help = await kim.run(['--help']);
    expect(help.code).toBe(0);
    for (const verb of ['login', 'tenant', 'source', 'token', 'doctor']) {
      expect(help.stdout).toMatch(new RegExp(`^\\s+${verb}\\b`, 'm'));
    }
    expect(await kim.run(['--version'])).toMatchObject({ code: 0, stderr: '' });
  });
});
