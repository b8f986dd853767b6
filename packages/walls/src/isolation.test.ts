import {
  type AuthorizePermissionRequest,
  AuthorizeResult,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import { policyTable } from '@portico/plugin-permission-backend-module-tenancy';
import { entitiesOf, templateIn } from './__testUtils__/entities';
import { TestPortal } from './__testUtils__/TestPortal';
import { porticoRoutes } from './routes/porticoRoutes';

jest.setTimeout(120_000);

const greeting = { action: 'debug:log', input: { message: 'hello' } };
const fetching = { action: 'fetch:plain', input: { url: './skeleton' } };

describe('tenants behind the walls', () => {
  let portal: TestPortal;
  let kim: ReturnType<TestPortal['as']>;
  let bob: ReturnType<TestPortal['as']>;
  let pat: ReturnType<TestPortal['as']>;

  beforeAll(async () => {
    portal = await TestPortal.start({
      table: porticoRoutes,
      entities: [
        ...entitiesOf('aurora', 'kim'),
        ...entitiesOf('borealis', 'bob'),
        ...entitiesOf('default', 'pat'),
        templateIn('default', 'greeting', greeting),
        templateIn('default', 'fetching', fetching),
        templateIn('borealis', 'borealis-template', greeting),
      ],
    });
    await portal.waitForEntities(18);
    kim = portal.as(await portal.signIn('user:aurora/kim'));
    bob = portal.as(await portal.signIn('user:borealis/bob'));
    pat = portal.as(await portal.signIn('user:default/pat'));
  });

  afterAll(() => portal?.stop());

  it('has a policy row for exactly the permissions that exist', () => {
    const existing = portal.services.recorded
      .permissions()
      .map(permission => permission.name);
    expect([...policyTable.keys()].sort()).toEqual(existing.sort());
  });

  describe('catalog', () => {
    it('shows the own tenant and the platform without its people', async () => {
      const refsOf = async (caller: typeof kim) => {
        const { body } = await caller.get(
          '/api/catalog/entities/by-query?limit=100&fields=kind,metadata.namespace,metadata.name',
        );
        expect(body.totalItems).toBe(body.items.length);
        return body.items
          .map(
            (item: {
              kind: string;
              metadata: { namespace: string; name: string };
            }) =>
              `${item.kind}:${item.metadata.namespace}/${item.metadata.name}`.toLowerCase(),
          )
          .sort();
      };
      const platform = [
        'api:default/default-api',
        'component:default/default-service',
        'group:default/default-team',
        'system:default/default-system',
        'template:default/fetching',
        'template:default/greeting',
      ];
      expect(await refsOf(kim)).toEqual(
        [
          'api:aurora/aurora-api',
          'component:aurora/aurora-service',
          'group:aurora/aurora-team',
          'system:aurora/aurora-system',
          'user:aurora/kim',
          ...platform,
        ].sort(),
      );
      expect(await refsOf(pat)).toEqual(
        ['user:default/pat', ...platform].sort(),
      );
    });

    it.each([
      '/entities',
      '/entities/by-query?limit=100',
      '/entities/by-query?fullTextFilterTerm=borealis',
      '/entities/by-query?filter=metadata.namespace=borealis',
      '/entities/by-query?filter=relations.ownedby=group:borealis/borealis-team',
      '/entities/by-query?filter=relations.haspart=component:borealis/borealis-service',
      '/entities/by-query?orderField=metadata.namespace,desc',
      '/entity-facets?facet=metadata.namespace',
      '/entity-facets?facet=relations.ownedBy&facet=relations.hasPart',
      '/entity-facets?facet=spec.lifecycle&facet=metadata.name',
      '/entities/by-name/component/aurora/aurora-service/ancestry',
    ])('shows nothing of another tenant at %s', async path => {
      const answer = await kim.get(`/api/catalog${path}`);
      expect(answer.status).toBe(200);
      // What was asked for comes back in cursors; what was found is what counts.
      const found = JSON.stringify({ ...answer.body, pageInfo: undefined });
      expect(found).not.toContain('borealis');
      expect(found).not.toContain('bob');
      expect(found).not.toContain('user:default');
    });

    it.each([
      'GET /entities/by-name/component/%/%-service',
      'GET /entities/by-name/component/%/%-service/ancestry',
      'GET /entities/by-name/user/%/bob',
    ])('answers %s as if there were none', async route => {
      const [, path] = route.split(' ');
      const ask = (tenant: string) =>
        kim.get(`/api/catalog${path.replaceAll('%', tenant)}`);
      const foreign = await ask('borealis');
      const unknown = await ask('nowhere');
      expect(foreign.status).toBe(unknown.status);
      expect(foreign.status).toBeGreaterThanOrEqual(403);
      expect(foreign.text.replaceAll('borealis', 'nowhere')).toBe(unknown.text);
    });

    it('gives no entity for a foreign ref or uid', async () => {
      const refs = await kim.post('/api/catalog/entities/by-refs').send({
        entityRefs: [
          'component:borealis/borealis-service',
          'component:nowhere/none',
          'user:default/pat',
          'component:aurora/aurora-service',
        ],
      });
      expect(
        refs.body.items.map(
          (item: { metadata: { name: string } } | null) => item?.metadata.name,
        ),
      ).toEqual([undefined, undefined, undefined, 'aurora-service']);
      const { body } = await bob.get(
        '/api/catalog/entities/by-name/component/borealis/borealis-service',
      );
      const uid = await kim.get(
        `/api/catalog/entities/by-uid/${body.metadata.uid}`,
      );
      expect(uid.status).toBe(404);
    });

    it('refreshes own entities only', async () => {
      const refresh = async (entityRef: string) =>
        (await kim.post('/api/catalog/refresh').send({ entityRef })).status;
      expect(await refresh('component:aurora/aurora-service')).toBe(200);
      expect(await refresh('component:borealis/borealis-service')).toBe(403);
      expect(await refresh('component:nowhere/none')).toBe(403);
      expect(await refresh('component:default/default-service')).toBe(403);
    });

    it('shows all tenants to plugins', async () => {
      const service = portal.as(await portal.serviceToken('catalog'));
      const answer = await service.get(
        '/api/catalog/entity-facets?facet=metadata.namespace',
      );
      expect(answer.body.facets['metadata.namespace']).toHaveLength(3);
    });
  });

  it('finds nothing of another tenant in search', async () => {
    // The index is written again and again while entities are still processed.
    await portal.until(async () => {
      const own = await kim.get('/api/search/query?term=');
      const others = await bob.get('/api/search/query?term=');
      return (
        own.text.includes('aurora-service') &&
        others.text.includes('borealis-service')
      );
    });
    const all = await kim.get('/api/search/query?term=');
    expect(all.text).toContain('aurora-service');
    expect(all.text).not.toContain('borealis');
    const foreign = await kim.get('/api/search/query?term=borealis');
    expect(foreign.body.results).toEqual([]);
    // Asked for by its namespace, and counted: neither says that it is there.
    const asked = await kim.get(
      '/api/search/query?term=&filters[namespace]=borealis',
    );
    expect(asked.body).toEqual({ results: [] });
    expect(all.body.numberOfResults).toBeUndefined();
  });

  describe('scaffolder', () => {
    const run = async (caller: typeof kim, templateRef: string) =>
      caller
        .post('/api/scaffolder/v2/tasks')
        .send({ templateRef, values: {}, secrets: {} });

    it('shows tasks to whoever started them', async () => {
      const started = await run(kim, 'template:default/greeting');
      expect(started.status).toBe(201);
      const task = `/api/scaffolder/v2/tasks/${started.body.id}`;
      await portal.until(
        async () => (await kim.get(task)).body.status === 'completed',
      );

      const other = await bob.get('/api/scaffolder/v2/tasks');
      expect(other.body).toEqual({ tasks: [], totalTasks: 0 });
      const unknown = await bob.get(
        '/api/scaffolder/v2/tasks/00000000-0000-4000-8000-000000000000',
      );
      for (const path of ['', '/events', '/eventstream']) {
        const foreign = await bob.get(`${task}${path}`);
        expect(foreign.status).toBe(404);
        expect(foreign.body.error).toEqual(unknown.body.error);
      }
      for (const path of ['/cancel', '/retry']) {
        expect((await bob.post(`${task}${path}`).send({})).status).toBe(404);
      }
      const own = await kim.get('/api/scaffolder/v2/tasks');
      expect(own.body.totalTasks).toBe(1);
    });

    it('numbers the events of a task by task, so that nobody counts those of others', async () => {
      const starts = async (caller: typeof kim) => {
        const started = await run(caller, 'template:default/greeting');
        const task = `/api/scaffolder/v2/tasks/${started.body.id}`;
        await portal.until(
          async () => (await caller.get(task)).body.status === 'completed',
        );
        return task;
      };
      const foreign = await starts(bob);
      const own = await starts(kim);
      const list = async (caller: typeof kim, task: string, after = '') =>
        (await caller.get(`${task}/events${after}`)).body as {
          id: number;
          type: string;
        }[];
      const events = await list(kim, own);
      const numbers = events.map(({ id }) => id);
      const [completion] = numbers.slice(-1);
      expect(numbers).toEqual([
        ...numbers.slice(0, -1).map((_, index) => index * 2 + 2),
        completion,
      ]);
      expect(completion).toBe(numbers.length * 2 - 1);
      expect((await list(bob, foreign)).map(({ id }) => id)).toEqual(numbers);

      const streamOf = async (after: string) =>
        [
          ...(await kim.get(`${own}/eventstream${after}`)).text.matchAll(
            /^data: (.*)$/gm,
          ),
        ].map(([, data]) => JSON.parse(data).id);
      expect(await streamOf('')).toEqual(numbers);
      // What is left after a number, in the list and in the stream.
      expect(await list(kim, own, '?after=4')).toEqual(events.slice(2));
      expect(await streamOf('?after=4')).toEqual(numbers.slice(2));
      expect(await list(kim, own, '?after=900')).toEqual(events.slice(-1));

      const wrong = await kim.get(`${own}/events?after=first`);
      expect([wrong.status, wrong.body.error.message]).toEqual([
        400,
        'The parameter "after" is no number of an event: give a whole number from 0',
      ]);
      const trialAgain = await kim.post(`${own}/retry`).send({ secrets: {} });
      expect(trialAgain.status).toBe(201);
      await portal.until(
        async () => (await kim.get(own)).body.status === 'completed',
      );
      const later = await list(kim, own, `?after=${completion}`);
      expect(later[0]).toMatchObject({ type: 'recovered', id: completion + 1 });
    });

    it('refuses a template of another tenant as one that does not exist', async () => {
      const foreign = await run(kim, 'template:borealis/borealis-template');
      const unknown = await run(kim, 'template:borealis/none');
      expect(foreign.status).toBe(unknown.status);
      expect(foreign.status).toBe(404);
    });

    it('runs only actions on the list', async () => {
      const started = await run(kim, 'template:default/fetching');
      const task = `/api/scaffolder/v2/tasks/${started.body.id}`;
      await portal.until(
        async () => (await kim.get(task)).body.status === 'failed',
      );
      const events = await kim.get(`${task}/events`);
      expect(events.text).toContain('Unauthorized action: fetch:plain');
    });

    it('lets a viewer start nothing', async () => {
      const vera = portal.as(await portal.signIn('user:aurora/vera'));
      expect((await run(vera, 'template:default/greeting')).status).toBe(403);
    });
  });

  it('keeps settings to their user', async () => {
    const path = '/api/user-settings/buckets/starred/keys/secret';
    expect((await kim.put(path).send({ value: 'aurora' })).status).toBe(200);
    expect((await kim.get(path)).body.value).toBe('aurora');
    expect((await bob.get(path)).status).toBe(404);
  });

  it('keeps notifications to their recipient, and lets only plugins send', async () => {
    const notification = {
      recipients: { type: 'entity', entityRef: 'user:aurora/kim' },
      payload: { title: 'for aurora' },
    };
    expect(
      (await bob.post('/api/notifications/notifications').send(notification))
        .status,
    ).toBe(403);
    const service = portal.as(await portal.serviceToken('notifications'));
    const sent = await service.post('/api/notifications').send(notification);
    expect(sent.status).toBe(200);
    const own = await kim.get('/api/notifications/notifications');
    expect(own.body.notifications).toHaveLength(1);
    const { id } = own.body.notifications[0];
    const other = await bob.get('/api/notifications/notifications');
    expect(other.body.notifications).toEqual([]);
    expect(
      (await bob.get(`/api/notifications/notifications/${id}`)).status,
    ).toBe(404);

    const unread = async (person: typeof kim) =>
      (await person.get('/api/notifications/status')).body.unread;
    await bob
      .post('/api/notifications/notifications/update')
      .send({ ids: [id], read: true, saved: true });
    expect(await unread(kim)).toBe(1);
    expect(await unread(bob)).toBe(0);
    await kim
      .post('/api/notifications/notifications/update')
      .send({ ids: [id], read: true });
    expect(await unread(kim)).toBe(0);
  });

  it('lets nobody send to everybody, to others or to themselves', async () => {
    for (const recipients of [
      { type: 'broadcast' },
      { type: 'entity', entityRef: 'user:borealis/bob' },
      { type: 'entity', entityRef: 'user:aurora/kim' },
    ]) {
      for (const path of ['', '/notifications']) {
        const sent = await kim
          .post(`/api/notifications${path}`)
          .send({ recipients, payload: { title: 'Hello' } });
        expect(sent.status).toBe(403);
      }
    }
  });

  it('answers alike about a task of another tenant and one that does not exist', async () => {
    const started = await bob.post('/api/scaffolder/v2/tasks').send({
      templateRef: 'template:default/greeting',
      values: {},
    });
    expect(started.status).toBe(201);
    const ask = (...refs: string[]) =>
      kim.post('/api/permission/authorize').send({
        items: refs.map((resourceRef, index) => ({
          id: `${index}`,
          resourceRef,
          permission: {
            type: 'resource',
            name: 'scaffolder.task.read',
            attributes: { action: 'read' },
            resourceType: 'scaffolder-task',
          },
        })),
      });
    const foreign = await ask(started.body.id);
    const none = await ask('00000000-0000-4000-8000-000000000000');
    expect(foreign.status).toBe(200);
    expect(foreign.body.items).toEqual([{ id: '0', result: 'DENY' }]);
    expect([none.status, none.body]).toEqual([foreign.status, foreign.body]);
  });

  it('decides in process as the permission backend does', async () => {
    const refs: Record<string, string[]> = {
      'catalog-entity': [
        'component:aurora/aurora-service',
        'component:borealis/borealis-service',
        'component:default/default-service',
        'user:default/pat',
        'component:nowhere/none',
      ],
    };
    const questions: AuthorizePermissionRequest[] = [];
    for (const permission of portal.services.recorded.permissions()) {
      if (isResourcePermission(permission)) {
        for (const resourceRef of refs[permission.resourceType] ?? []) {
          questions.push({ permission, resourceRef });
        }
      } else {
        questions.push({ permission });
      }
    }
    const { auth, permissions } = portal.services;
    const developer = (tenant: string) => [
      `catalog.entity.read component:${tenant}/${tenant}-service`,
      'catalog.entity.read component:default/default-service',
      `catalog.entity.refresh component:${tenant}/${tenant}-service`,
      'catalog.entity.create',
      'scaffolder.task.create',
      'tenancy.source.read',
      'tenancy.source.refresh',
      'tenancy.member.read',
      'bindings.grant.read',
      'git-host.repository.read',
      'git-host.repository.write',
      'git-host.repository.create',
      'kubernetes.clusters.read',
      'kubernetes.log.read',
      'kubernetes.resources.read',
      'api-try-out.request.send',
      'local-runtime.read',
      'local-runtime.log.read',
      'local-runtime.operate',
      'promotions.read',
      'promotions.release.announce',
      'promotions.request',
      'promotions.vote',
    ];
    const expected: Record<string, string[]> = {
      'user:aurora/kim': developer('aurora'),
      'user:borealis/bob': developer('borealis'),
      'user:aurora/vera': [
        'catalog.entity.read component:aurora/aurora-service',
        'catalog.entity.read component:default/default-service',
        'tenancy.source.read',
        'tenancy.member.read',
        'git-host.repository.read',
        'kubernetes.clusters.read',
        'kubernetes.resources.read',
        'local-runtime.read',
        'promotions.read',
      ],
      'user:default/pat': [
        'catalog.entity.read component:default/default-service',
        'catalog.entity.read user:default/pat',
        'catalog.entity.refresh component:default/default-service',
        'catalog.entity.refresh user:default/pat',
        'catalog.entity.create',
        'scaffolder.task.create',
        'tenancy.tenant.manage',
        'tenancy.source.read',
        'tenancy.source.refresh',
        'tenancy.source.manage',
        'tenancy.member.read',
        'tenancy.member.manage',
        'tenancy.token.manage',
        'audit.entry.read',
        'audit.person.erase',
        'bindings.grant.read',
        'bindings.grant.manage',
        'bindings.credential.manage',
        'kubernetes.clusters.read',
        'kubernetes.log.read',
        'kubernetes.resources.read',
        'api-try-out.request.send',
        'local-runtime.read',
        'local-runtime.log.read',
        'local-runtime.operate',
        'operation.check.read',
        'promotions.read',
        'promotions.release.announce',
        'promotions.release.reject',
        'promotions.request',
        'promotions.vote',
        'promotions.override',
        'promotions.operate',
        'git-host.repository.read',
        'git-host.repository.write',
        'git-host.repository.create',
      ],
      'user:default/ana': [
        'catalog.entity.read component:default/default-service',
        'catalog.entity.read user:default/pat',
        'tenancy.source.read',
        'tenancy.member.read',
        'git-host.repository.read',
        'audit.entry.read',
        'bindings.grant.read',
        'kubernetes.clusters.read',
        'kubernetes.resources.read',
        'local-runtime.read',
        'promotions.read',
      ],
    };
    for (const [userRef, allowed] of Object.entries(expected)) {
      const token = await portal.signIn(userRef);
      const inProcess = await permissions.authorize(questions, {
        credentials: await auth.authenticate(token),
      });
      const answer = await portal
        .as(token)
        .post('/api/permission/authorize')
        .send({
          items: questions.map((question, index) => ({
            ...question,
            id: `${index}`,
          })),
        });
      expect(answer.status).toBe(200);
      expect(inProcess.map(({ result }) => result)).toEqual(
        answer.body.items.map((item: { result: string }) => item.result),
      );
      expect(
        questions
          .filter(
            (_, index) => inProcess[index].result === AuthorizeResult.ALLOW,
          )
          .map(question =>
            'resourceRef' in question
              ? `${question.permission.name} ${question.resourceRef}`
              : question.permission.name,
          )
          .sort(),
      ).toEqual([...allowed].sort());
    }
  });
});
