import { pluginAuditContext } from '@portico/plugin-audit-node';
import { TestPortal } from '../__testUtils__/TestPortal';
import { porticoRoutes } from '../routes/porticoRoutes';

jest.setTimeout(180_000);

describe('two replicas of the portal', () => {
  let first: TestPortal;
  let second: TestPortal;
  beforeAll(async () => {
    first = await TestPortal.start({ table: porticoRoutes });
    second = await TestPortal.start({
      table: porticoRoutes,
      replicaOf: first,
      chainsActs: false,
    });
  });
  afterAll(async () => {
    await second?.stop();
    await first?.stop();
  });

  const me = async (portal: TestPortal, token: string) =>
    (await portal.as(token).get('/api/tenancy/me')).status;

  it('both refuse the next request of a session that one of them ended', async () => {
    const token = await first.signIn('user:aurora/kim');
    expect([await me(first, token), await me(second, token)]).toEqual([
      200, 200,
    ]);
    const ended = await first.as(token).delete('/api/tenancy/session');
    expect(ended.status).toBe(204);
    // Nothing in between: no message, no time that a cache could use.
    expect([await me(second, token), await me(first, token)]).toEqual([
      401, 401,
    ]);
  });

  it('both decide with the roles that one of them changed', async () => {
    const token = await second.signIn('user:aurora/vera');
    const create = async (portal: TestPortal) =>
      (
        await portal
          .as(token)
          .post('/api/scaffolder/v2/tasks')
          .send({ templateRef: 'template:aurora/none', values: {} })
      ).status;
    expect([await create(first), await create(second)]).toEqual([403, 403]);
    const pat = first.as(await first.signIn('user:default/pat'));
    const vera = '/api/tenancy/tenants/aurora/members/vera';
    const changed = await pat
      .put(vera)
      .send({ displayName: 'Vera', roles: ['developer'] });
    expect(changed.status).toBeLessThan(300);
    expect([await create(second), await create(first)]).toEqual([404, 404]);
    await pat
      .put(vera)
      .send({ displayName: 'Vera', roles: ['developer'], disabled: true });
    expect([await me(second, token), await me(first, token)]).toEqual([
      401, 401,
    ]);
  });

  it('leaves nothing to be told: a session that ends in the tables ends everywhere', async () => {
    const token = await second.signIn('user:borealis/bob');
    expect(await me(second, token)).toBe(200);
    await first.services.tenancy.sessions.end({
      userRef: 'user:borealis/bob',
      by: pluginAuditContext('test'),
    });
    expect(await me(second, token)).toBe(401);
  });
});
