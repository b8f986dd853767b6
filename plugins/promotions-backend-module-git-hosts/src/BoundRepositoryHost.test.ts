import { HostWorld } from './__testUtils__/HostWorld';
import { StandInHost } from './__testUtils__/StandInHost';
import { standInHosts } from './__testUtils__/standInHosts';
import { type StandInRepository } from './__testUtils__/StandInRepository';

jest.setTimeout(60_000);

const OWN = 'portico/promotion/prod/01';

describe.each(standInHosts)('a host that speaks as $api', host => {
  const { api, dialect } = host;
  let standIn: StandInHost;
  let world: HostWorld;
  let repository: StandInRepository;
  let first: string;

  beforeAll(async () => {
    standIn = await StandInHost.start(dialect);
  });
  beforeEach(() => {
    world = new HostWorld(standIn, api);
    repository = standIn.reset({ 'shop/file.yaml': 'a: 1\n' });
    first = repository.branches.get('main') ?? '';
  });
  afterAll(async () => {
    await standIn?.stop();
  });

  function commitOn(branch: string) {
    return world.open().then(forge =>
      forge.commit({
        branch,
        expectedHead: first,
        files: [{ path: 'shop/file.yaml', content: 'a: 2\n' }],
        message: 'Run shop 1.2 in prod',
        trailers: { 'Portico-Effect': 'sha256:one' },
        onBehalfOf: 'user:aurora/kim',
      }),
    );
  }

  it.each([
    { status: 401, name: 'NotAllowedError', message: /set another/ },
    { status: 403, name: 'NotAllowedError', message: /does not let/ },
    { status: 404, name: 'NotFoundError', message: /shows no repository/ },
    { status: 422, name: 'InputError', message: /wrong thing \(422\)/ },
    {
      status: 429,
      headers: { 'retry-after': '37' },
      name: 'ServiceUnavailableError',
      message: /asks to wait 37 s/,
    },
    {
      status: 403,
      headers: { 'retry-after': '60' },
      name: 'ServiceUnavailableError',
      message: /asks to wait 60 s/,
    },
    { status: 500, name: 'ServiceUnavailableError', message: /500/ },
    { status: 503, name: 'ServiceUnavailableError', message: /503/ },
    {
      status: 302,
      headers: { location: 'http://elsewhere.example/' },
      name: 'ServiceUnavailableError',
      message: /302/,
    },
    {
      status: 200,
      body: '<html>Sign in</html>',
      name: 'ServiceUnavailableError',
      message: /another form/,
    },
  ])(
    'tells what $status means where it reads',
    async ({ status, headers = {}, body, name, message }) => {
      standIn.disturb(/^GET/, {
        status,
        headers,
        body:
          body ??
          JSON.stringify({
            message: 'wrong thing',
            token: standIn.token,
          }),
      });
      const said: unknown = await world.open().then(
        () => undefined,
        error => error,
      );
      expect(said).toMatchObject({
        name,
        message: expect.stringMatching(message),
      });
      expect(String(said)).not.toContain(standIn.token);
    },
  );

  it.each([
    { status: 401, name: 'NotAllowedError' },
    { status: 403, name: 'InputError' },
    { status: 422, name: 'InputError' },
    {
      status: 429,
      headers: { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' },
      name: 'ServiceUnavailableError',
    },
    { status: 500, name: 'ServiceUnavailableError' },
    { status: 200, body: 'not JSON', name: 'ServiceUnavailableError' },
  ])(
    'tells what $status means where it writes, and asks once',
    async ({ status, headers = {}, body = '{}', name }) => {
      standIn.disturb(host.write, { status, headers, body }, 1);
      await expect(commitOn(OWN)).rejects.toMatchObject({ name });
      expect(repository.branches).toEqual(new Map([['main', first]]));
    },
  );

  it('gives up on a host that says nothing, and tries to read again', async () => {
    standIn.disturb(/^GET/, { status: 503 }, 2);
    await expect(world.open()).resolves.toBeDefined();
    standIn.disturb(/^GET/, 'silence');
    await expect(world.open({ timeoutMilliseconds: 50 })).rejects.toMatchObject(
      {
        name: 'ServiceUnavailableError',
        message: 'The forge gave no answer: it took too long',
      },
    );
  });

  it('opens what the tenant was granted, with what the tenant has set', async () => {
    await expect(world.open({ tenant: 'borealis' })).rejects.toMatchObject({
      name: 'NotFoundError',
      message: expect.stringMatching(/was not granted aurora/),
    });
    await expect(world.open({ name: 'borealis/x' })).rejects.toMatchObject({
      name: 'NotFoundError',
    });
    for (const name of ['deployments', 'aurora/..', 'aurora/a?b', '/x']) {
      await expect(world.open({ name })).rejects.toMatchObject({
        name: 'InputError',
      });
    }
    world.credential = undefined;
    await expect(world.open()).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringMatching(/has set no credential/),
    });
    world.system.readToken = standIn.token;
    expect(await (await world.open()).head()).toBeDefined();
    await expect(commitOn('main')).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    world.credential = { token: 'wrong' };
    await expect(world.open()).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
  });
});
