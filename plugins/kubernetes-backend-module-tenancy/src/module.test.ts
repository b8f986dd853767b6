import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Entity } from '@backstage/catalog-model';
import { ClusterReader } from './cluster/ClusterReader';
import { FakeCluster } from './__testUtils__/FakeCluster';
import {
  kim,
  KubernetesPortal,
  lena,
  pat,
  twin,
} from './__testUtils__/KubernetesPortal';

jest.setTimeout(60_000);

const NAMESPACE = 'backstage.io/kubernetes-namespace';
const CLUSTER = 'backstage.io/kubernetes-cluster';
const ID = 'backstage.io/kubernetes-id';
const SELECTOR = 'backstage.io/kubernetes-label-selector';

function component(
  namespace: string,
  name: string,
  annotations: Record<string, string>,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { namespace, name, annotations },
    spec: { type: 'service', lifecycle: 'production', owner: 'x' },
  };
}

const workloads = '/resources/workloads/query';

describe('the Kubernetes plugin behind the bindings', () => {
  let east: FakeCluster;
  let west: FakeCluster;
  let portal: KubernetesPortal;

  beforeAll(async () => {
    east = await FakeCluster.start();
    west = await FakeCluster.start();
    portal = await KubernetesPortal.start({ east, west });
  });
  afterAll(async () => {
    await portal?.stop();
    await east?.stop();
    await west?.stop();
  });
  beforeEach(() => {
    portal.denied.clear();
    for (const cluster of [east, west]) {
      cluster.asked.length = 0;
      cluster.status = 200;
    }
    portal.entities = [
      component('aurora', 'own', { [ID]: 'own', [NAMESPACE]: 'aurora-prod' }),
      component('aurora', 'id-only', { [ID]: 'shop' }),
      component('aurora', 'cross', {
        [ID]: 'own',
        [NAMESPACE]: 'borealis-prod',
        [CLUSTER]: 'east',
      }),
      component('borealis', 'cross', {
        [ID]: 'own',
        [NAMESPACE]: 'aurora-prod',
        [CLUSTER]: 'east',
        [SELECTOR]: 'app in (own, cross)',
      }),
      component('aurora-two', 'look-alike', {
        [ID]: 'own',
        [NAMESPACE]: 'aurora-prod',
      }),
      component('default', 'platform', {
        [ID]: 'x',
        [NAMESPACE]: 'aurora-prod',
      }),
    ];
  });

  const read = (user: string, name: string, more: object = {}) =>
    portal.as(user, 'post', workloads, {
      entityRef: `component:${name}`,
      auth: {},
      ...more,
    });

  it('shows what the entity claims and its tenant was granted', async () => {
    const answer = await read(kim, 'aurora/own');
    expect(answer.status).toBe(200);
    expect(
      answer.body.items.map(({ cluster }: { cluster: object }) => cluster),
    ).toEqual([
      { name: 'east', title: 'east' },
      { name: 'west', title: 'west' },
    ]);
    expect(answer.text).toContain('aurora-prod-canary');
    expect(answer.text).not.toMatch(/canary-password|managedFields/);
    expect(east.paths.sort()).toEqual([
      '/api/v1/namespaces/aurora-prod/pods',
      '/apis/apps/v1/namespaces/aurora-prod/deployments',
      '/apis/argoproj.io/v1alpha1/namespaces/aurora-prod/rollouts',
    ]);
    for (const { method, query } of east.asked) {
      expect(method).toBe('GET');
      expect(query.get('labelSelector')).toBe('backstage.io/kubernetes-id=own');
    }
  });

  it('leaves a grant of many names alone when the claim names none', async () => {
    await read(kim, 'aurora/id-only');
    expect(
      new Set(east.paths.map(path => path.split('/namespaces/')[1])),
    ).toEqual(
      new Set([
        'aurora-prod/pods',
        'aurora-prod/deployments',
        'aurora-prod/rollouts',
      ]),
    );
    expect(west.asked).toEqual([]);
  });

  it.each([
    [kim, 'aurora/cross', 403],
    [lena, 'borealis/cross', 403],
    [twin, 'aurora-two/look-alike', 403],
    [kim, 'default/platform', 200],
    [lena, 'aurora/own', 400],
    [lena, 'aurora/nothing', 400],
    [twin, 'aurora/own', 400],
    [pat, 'aurora/own', 400],
  ])('asks no cluster when %s looks at %s', async (user, name, status) => {
    const answer = await read(user, name);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('canary');
    expect([...east.asked, ...west.asked]).toEqual([]);
  });

  it('answers for another tenant’s entity as for none', async () => {
    const [foreign, none] = await Promise.all(
      ['own', 'none'].map(async name => {
        const { body } = await read(lena, `aurora/${name}`);
        return JSON.stringify({ ...body.error, stack: undefined }).replace(
          `aurora/${name}`,
          '<ref>',
        );
      }),
    );
    expect(foreign).toBe(none);
  });

  it('believes neither the entity of a request nor its other fields', async () => {
    const forged = component('aurora', 'own', {
      [NAMESPACE]: 'borealis-prod',
      [SELECTOR]: 'stolen=yes',
      [CLUSTER]: 'west',
    });
    const answer = await portal.as(kim, 'post', '/services/own', {
      entity: forged,
      auth: { kubernetes: { token: 'mine' } },
      namespace: 'kube-system',
      clusterName: 'west',
    });
    expect(answer.status).toBe(200);
    for (const { path, query, token } of [...east.asked, ...west.asked]) {
      expect(path).toContain('/namespaces/aurora-prod/');
      expect(query.get('labelSelector')).toBe('backstage.io/kubernetes-id=own');
      expect(token).toMatch(/^Bearer read-token-of-/);
    }
    const foreign = await portal.as(lena, 'post', '/services/own', {
      entity: component('aurora', 'own', { [NAMESPACE]: 'borealis-prod' }),
    });
    expect(foreign.status).toBe(403);
    const nothing = await portal.as(kim, 'post', '/services/own', {});
    expect(nothing.status).toBe(500);
    expect(nothing.body.error).toContain('names no entity');
  });

  it('reads custom kinds of the configuration only, and never of the whole cluster', async () => {
    const rollouts = {
      group: 'argoproj.io',
      apiVersion: 'v1alpha1',
      plural: 'rollouts',
    };
    const answer = await portal.as(kim, 'post', '/resources/custom/query', {
      entityRef: 'component:aurora/own',
      auth: {},
      customResources: [
        rollouts,
        { group: '', apiVersion: 'v1', plural: 'secrets' },
        { group: '', apiVersion: 'v1', plural: 'nodes' },
        { group: '', apiVersion: 'v1', plural: 'namespaces' },
        {
          group: 'rbac.authorization.k8s.io',
          apiVersion: 'v1',
          plural: 'clusterroles',
        },
        {
          group: '',
          apiVersion: 'v1/namespaces/borealis-prod',
          plural: 'pods',
        },
        { group: '..', apiVersion: '..', plural: 'api/v1/secrets' },
        'pods',
        null,
      ].filter(Boolean),
    });
    expect(answer.status).toBe(200);
    expect(new Set([...east.paths, ...west.paths])).toEqual(
      new Set(['/apis/argoproj.io/v1alpha1/namespaces/aurora-prod/rollouts']),
    );
  });

  it('lists the clusters of the caller’s tenant only', async () => {
    const names = async (user: string) =>
      (await portal.as(user, 'get', '/clusters')).body.items.map(
        ({ name }: { name: string }) => name,
      );
    await expect(names(kim)).resolves.toEqual(['east', 'west']);
    await expect(names(lena)).resolves.toEqual(['east']);
    await expect(names(pat)).resolves.toEqual([]);
    const answer = await portal.as(kim, 'get', '/clusters');
    expect(answer.text).not.toMatch(/read-token|127\.0\.0\.1/);
  });

  it('uses the tenant’s own credential where one is set, and nobody else’s', async () => {
    await portal.setCredential(lena, 'east', 'token-of-borealis');
    portal.entities.push(
      component('borealis', 'own', {
        [ID]: 'own',
        [NAMESPACE]: 'borealis-prod',
      }),
    );
    await read(lena, 'borealis/own');
    expect(new Set(east.asked.map(({ token }) => token))).toEqual(
      new Set(['Bearer token-of-borealis']),
    );
    east.asked.length = 0;
    await read(kim, 'aurora/own');
    expect(new Set(east.asked.map(({ token }) => token))).toEqual(
      new Set(['Bearer read-token-of-east']),
    );
  });

  it('says of a cluster that is down or refuses what is known, once', async () => {
    west.status = 403;
    const { body } = await read(kim, 'aurora/own');
    expect(body.items[0].errors).toEqual([]);
    expect(body.items[1].errors).toContainEqual({
      errorType: 'UNKNOWN_ERROR',
      statusCode: 403,
      resourcePath: '/api/v1/namespaces/aurora-prod/pods',
    });
  });

  it('says so when a cluster gives no answer, or takes too long to', async () => {
    const binding = {
      kind: 'kubernetes-namespace' as const,
      tenant: 'aurora',
      system: { name: 'x', kind: 'kubernetes' as const, title: 'x', url: '' },
      resource: 'aurora-prod',
      entityRef: 'component:aurora/own',
      claim: { kind: 'kubernetes-namespace' as const, annotations: {} },
      credential: async () => ({ token: 'canary-token' }),
    };
    const question = {
      resource: { group: '', apiVersion: 'v1', plural: 'pods' },
      maximumBytes: 10,
    };
    const silent = createServer();
    await new Promise<void>(resolve => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const { port } = silent.address() as AddressInfo;
    const ask = async (url: string) => {
      const reader = new ClusterReader({
        systems: new Map([['x', { ...binding.system, url }]]),
        timeout: 200,
      });
      return reader.get(binding, question);
    };
    await expect(ask(`http://127.0.0.1:${port}`)).rejects.toThrow(
      'The cluster x gave no answer: it took too long',
    );
    silent.closeAllConnections();
    await new Promise(resolve => {
      silent.close(resolve);
    });
    await expect(ask(`http://127.0.0.1:${port}`)).rejects.toThrow(
      'The cluster x gave no answer: ECONNREFUSED',
    );
  });

  it('has no way through the proxy to a cluster', async () => {
    for (const method of ['get', 'post', 'delete'] as const) {
      const answer = await portal.as(
        kim,
        method,
        '/proxy/api/v1/namespaces/borealis-prod/pods/x/exec?command=sh',
      );
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect([...east.asked, ...west.asked]).toEqual([]);
  });

  describe('logs, events and description', () => {
    const where =
      'entityRef=component:aurora/own&cluster=east&namespace=aurora-prod';
    const log = `/read/log?${where}&pod=web-1&container=main`;

    it('gives out the end of a log without secrets, and records it', async () => {
      east.log = 'start\nconnecting with password=canary-password\n';
      const answer = await portal.as(
        kim,
        'get',
        `${log}&lines=10&previous=true`,
      );
      expect(answer.body).toEqual({
        text: 'start\nconnecting with password=[redacted]\n',
        redacted: 1,
        truncated: false,
      });
      expect(east.paths).toEqual([
        '/api/v1/namespaces/aurora-prod/pods/web-1/log',
      ]);
      expect(Object.fromEntries(east.asked[0].query)).toEqual({
        container: 'main',
        tailLines: '10',
        limitBytes: '1048576',
        previous: 'true',
      });
      const recorded = await portal.recorded('aurora');
      expect(recorded.at(-1)).toMatchObject({
        act: 'kubernetes.log.read',
        outcome: 'succeeded',
        subject: { kind: 'pod', ref: 'east/aurora-prod/web-1' },
        details: { entityRef: 'component:aurora/own', lines: 10 },
      });
    });

    it('cuts a log that is longer than was asked for', async () => {
      east.log = 'x'.repeat(3 * 1024 * 1024);
      const { body } = await portal.as(kim, 'get', log);
      expect(body.text).toHaveLength(1024 * 1024);
      expect(body.truncated).toBe(true);
    });

    it('gives out events and a description without secrets', async () => {
      const events = await portal.as(
        kim,
        'get',
        `/read/events?${where}&object=web-1`,
      );
      expect(events.body.items[0].message).toBe(
        'failed with password=[redacted]',
      );
      const described = await portal.as(
        kim,
        'get',
        `/read/describe?${where}&kind=Pod&name=web-1`,
      );
      expect(described.body.spec.containers[0].env).toEqual([
        { name: 'DB_PASSWORD', value: '[redacted]' },
        { name: 'MODE', value: 'fast' },
      ]);
      expect(events.text + described.text).not.toMatch(
        /canary-password|managedFields/,
      );
      expect(east.asked[0].query.get('fieldSelector')).toBe(
        'involvedObject.name=web-1',
      );
    });

    const reads = [
      ['log', 'pod=web-1&container=main'],
      ['events', 'object=web-1'],
      ['describe', 'kind=Pod&name=web-1'],
    ] as const;

    it.each(reads)(
      'hides %s of what is another tenant’s, not granted or not there',
      async (route, rest) => {
        const before = (await portal.recorded('aurora')).length;
        for (const [user, entityRef, cluster, namespace] of [
          [lena, 'component:aurora/own', 'east', 'aurora-prod'],
          [lena, 'component:aurora/nothing', 'east', 'aurora-prod'],
          [lena, 'component:borealis/cross', 'east', 'aurora-prod'],
          [kim, 'component:aurora/own', 'east', 'borealis-prod'],
          [kim, 'component:aurora/own', 'east', 'kube-system'],
          [kim, 'component:aurora/own', 'nowhere', 'aurora-prod'],
          [kim, 'component:aurora/cross', 'east', 'borealis-prod'],
          [kim, 'component:default/platform', 'east', 'aurora-prod'],
          [twin, 'component:aurora-two/look-alike', 'east', 'aurora-prod'],
        ]) {
          const answer = await portal.as(
            user,
            'get',
            `/read/${route}?entityRef=${entityRef}&cluster=${cluster}&namespace=${namespace}&${rest}`,
          );
          expect(answer.status).toBe(404);
          expect(answer.body.error.message).toBe(
            `${entityRef} is not bound to the namespace ${namespace} of ${cluster}`,
          );
        }
        expect([...east.asked, ...west.asked]).toEqual([]);
        expect(await portal.recorded('aurora')).toHaveLength(before);
      },
    );

    it.each([
      `${log}&lines=100000`,
      `/read/log?${where}&pod=..%2F..%2Fx&container=main`,
      `/read/log?${where}&pod=web-1&container=main&follow=true`,
      `/read/events?${where}&object=a,involvedObject.namespace=b`,
      `/read/describe?${where}&kind=Secret&name=x`,
      `/read/describe?${where}&kind=constructor&name=x`,
      `/read/log?entityRef=%3A%3A&cluster=east&namespace=aurora-prod&pod=a&container=b`,
    ])('refuses %s', async path => {
      const answer = await portal.as(kim, 'get', path);
      expect(answer.status).toBe(400);
      expect([...east.asked, ...west.asked]).toEqual([]);
    });

    it('asks for a permission of its own for logs', async () => {
      portal.denied.add('kubernetes.log.read');
      expect((await portal.as(kim, 'get', log)).status).toBe(403);
      portal.denied.clear();
      portal.denied.add('kubernetes.resources.read');
      for (const [route, rest] of reads.slice(1)) {
        const answer = await portal.as(
          kim,
          'get',
          `/read/${route}?${where}&${rest}`,
        );
        expect(answer.status).toBe(403);
      }
      expect(east.asked).toEqual([]);
    });

    it('repeats nothing that a cluster says in a refusal', async () => {
      for (const [status, expected] of [
        [404, 404],
        [403, 503],
        [500, 503],
      ]) {
        east.status = status;
        const answer = await portal.as(kim, 'get', log);
        expect(answer.status).toBe(expected);
        expect(answer.body.error.message).not.toContain('Status');
      }
    });
  });
});
