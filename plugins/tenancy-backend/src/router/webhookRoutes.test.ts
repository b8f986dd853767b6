import { createHmac } from 'crypto';
import { kim, TenancyPortal } from '../__testUtils__/TenancyPortal';

jest.setTimeout(60_000);

describe('addWebhookRoutes', () => {
  let portal: TenancyPortal;
  let secret: string;
  const path = '/hooks/aurora/checkout';
  const body = JSON.stringify({ ref: 'refs/heads/main', tenant: 'borealis' });

  beforeAll(async () => {
    portal = await TenancyPortal.start();
    await portal.createTenants();
    secret = await register('aurora', 'checkout');
  });
  afterAll(async () => {
    await portal.stop();
  });
  beforeEach(() => {
    portal.published.length = 0;
  });

  async function register(tenant: string, name: string): Promise<string> {
    const response = await portal.as(
      tenant === 'aurora' ? kim : 'user:borealis/lena',
      'put',
      `/tenants/${tenant}/sources/${name}`,
      { location: { kind: 'repository', repository: name } },
    );
    portal.published.length = 0;
    return response.body.webhook.secret;
  }

  function post(headers: Record<string, string>, content = body, to = path) {
    return portal
      .anonymous('post', to)
      .set({ 'content-type': 'application/json', ...headers })
      .send(content);
  }

  const hex = (key = secret, content = body) =>
    createHmac('sha256', key).update(content).digest('hex');

  function gitHub(id: string, content = body, key = secret) {
    return {
      'x-hub-signature-256': `sha256=${hex(key, content)}`,
      'x-github-delivery': id,
    };
  }

  function standard(id: string, age = 0, content = body) {
    const timestamp = String(Math.floor(Date.now() / 1000) - age);
    const signature = createHmac(
      'sha256',
      Buffer.from(secret.slice(6), 'base64'),
    )
      .update(`${id}.${timestamp}.${content}`)
      .digest('base64');
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,AAAA v1,${signature}`,
    };
  }

  const read = [
    expect.objectContaining({
      // From the address, not from what the payload says.
      eventPayload: { kind: 'read', tenant: 'aurora', source: 'checkout' },
    }),
  ];

  it.each([
    ['GitHub', (text: string) => gitHub('gh-1', text)],
    [
      'Gitea',
      (text: string) => ({
        'x-gitea-signature': hex(secret, text),
        'x-gitea-delivery': 'gt-1',
      }),
    ],
    [
      'GitLab',
      () => ({ 'x-gitlab-token': secret, 'x-gitlab-event-uuid': 'gl-1' }),
    ],
    ['Standard Webhooks', (text: string) => standard('sw-1', 0, text)],
  ])('takes a delivery of %s once', async (name, sign) => {
    const content = JSON.stringify({ from: name, text: 'ünïcode  spaces' });
    const first = await post(sign(content), content);
    expect(first.body).toEqual({ accepted: true });
    expect(first.status).toBe(202);
    expect(portal.published).toEqual(read);

    const second = await post(sign(content), content);
    expect(second.status).toBe(200);
    expect(second.body).toEqual({ accepted: false });
    expect(portal.published).toEqual(read);
  });

  it('sees through a replay under another id, where the id is not signed', async () => {
    const content = '{"replay":1}';
    expect((await post(gitHub('one', content), content)).status).toBe(202);
    expect((await post(gitHub('two', content), content)).status).toBe(200);
    expect(portal.published).toHaveLength(1);
    // Where it is signed, the same words twice are two deliveries.
    expect((await post(standard('s1', 0, content), content)).status).toBe(202);
    expect((await post(standard('s2', 0, content), content)).status).toBe(202);
  });

  it('refuses what is not signed right, too old, or without delivery id', async () => {
    const { 'x-github-delivery': _, ...withoutId } = gitHub('x');
    const refused: Array<Record<string, string>> = [
      {},
      withoutId,
      gitHub('bad-1', `${body} `),
      gitHub('bad-2', body, 'another secret'),
      { ...gitHub('bad-3'), 'x-hub-signature-256': 'sha256=' },
      { ...gitHub('bad-4'), 'x-hub-signature-256': hex() },
      { ...gitHub('bad 5') },
      { 'x-gitlab-token': `${secret}x`, 'x-gitlab-event-uuid': 'bad-6' },
      { 'x-gitlab-token': '', 'x-gitlab-event-uuid': 'bad-7' },
      standard('old', 301),
      // far enough that it stays in the future while the others are tried
      standard('future', -330),
      { ...standard('other'), 'webhook-id': 'moved' },
      { ...standard('time'), 'webhook-timestamp': 'now' },
      { ...standard('none'), 'webhook-signature': 'v1,' },
      // A stronger form that is wrong is not made good by a weaker one.
      { ...standard('old', 301), ...gitHub('mixed') },
    ];
    for (const headers of refused) {
      expect((await post(headers)).status).toBe(401);
    }
    expect(portal.published).toEqual([]);
  });

  it('tells nobody which tenants and sources there are', async () => {
    await register('borealis', 'checkout');
    const answers = new Set<string>();
    for (const address of [
      'borealis/checkout',
      'borealis/nothing',
      'nobody/checkout',
      'Not%20One/checkout',
      'aurora/..%2Fcheckout',
    ]) {
      const response = await post(gitHub('w'), body, `/hooks/${address}`);
      expect(response.status).toBe(401);
      answers.add(response.body.error.message);
    }
    expect(answers.size).toBe(1);
    expect(portal.published).toEqual([]);
  });

  it('takes 1 MiB and no more', async () => {
    const most = JSON.stringify({ text: 'x'.repeat(1024 * 1024 - 11) });
    expect(Buffer.byteLength(most)).toBe(1024 * 1024);
    expect((await post(gitHub('big', most), most)).status).toBe(202);
    const more = `${most} `;
    expect((await post(gitHub('bigger', more), more)).status).toBe(413);
    const { body: empty } = await post(gitHub('empty', ''), '');
    expect(empty).toEqual({ accepted: true });
  });

  it('forgets the secret with the source', async () => {
    const old = await register('aurora', 'short-lived');
    const gone = '/hooks/aurora/short-lived';
    await portal.as(kim, 'delete', '/tenants/aurora/sources/short-lived');
    await register('aurora', 'short-lived');
    expect((await post(gitHub('late', body, old), body, gone)).status).toBe(
      401,
    );
  });

  it('stores the secret sealed', async () => {
    const { rows } = await portal.testDatabase.database.asPlatform(
      'look at what a thief of the tables would see',
      transaction =>
        transaction.raw('select sealed from portico_tenancy.webhook_secrets'),
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { sealed } of rows) {
      expect(sealed.toString('latin1')).not.toContain('whsec_');
    }
  });
});
