import { type Entity } from '@backstage/catalog-model';
import {
  type BindingKind,
  bindingKinds,
  claimAnnotations,
} from '@portico/plugin-bindings-common';
import {
  type Binding,
  type BindingResolution,
} from '@portico/plugin-bindings-node';
import { mockCredentials } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import {
  BindingsPortal,
  kim,
  lena,
  pat,
  systems,
  twin,
} from '../__testUtils__/BindingsPortal';

jest.setTimeout(120_000);

const callers: Record<string, string> = {
  aurora: kim,
  'aurora-two': twin,
  borealis: lena,
};

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

/** What was resolved, without its functions. */
function shapeOf(resolution: BindingResolution) {
  return resolution.outcome === 'refused'
    ? resolution.reason
    : resolution.bindings.map(
        ({ system, resource }) => `${system.name}/${resource}`,
      );
}

describe('the bindings service', () => {
  let portal: BindingsPortal;

  beforeAll(async () => {
    portal = await BindingsPortal.start();
    await portal.createTenants();
  });
  afterAll(async () => {
    await portal?.stop();
  });

  async function resolve(
    caller: string,
    ref: string,
    kind: BindingKind = 'kubernetes-namespace',
  ) {
    return shapeOf(
      await portal.bindings.resolve(ref, kind, {
        credentials: await portal.credentialsOf(caller),
      }),
    );
  }

  async function emptyGrants() {
    await portal.testDatabase.database.asPlatform('test', transaction =>
      transaction.raw('delete from portico_bindings.grants'),
    );
  }
  beforeEach(emptyGrants);

  describe('with two tenants whose annotations point at each other', () => {
    beforeEach(async () => {
      for (const tenant of ['aurora', 'borealis']) {
        await portal.grant(tenant, {
          kind: 'kubernetes-namespace',
          system: 'prod-eu',
          resource: `${tenant}-*`,
        });
      }
      portal.entities = [
        component('aurora', 'own', {
          'backstage.io/kubernetes-namespace': 'aurora-prod',
        }),
        component('aurora', 'foreign', {
          'backstage.io/kubernetes-namespace': 'borealis-prod',
        }),
        component('aurora', 'unsaid', { 'backstage.io/kubernetes-id': 'x' }),
        component('aurora', 'silent', {}),
        component('borealis', 'own', {
          'backstage.io/kubernetes-namespace': 'borealis-prod',
        }),
        component('default', 'shared', {
          'backstage.io/kubernetes-namespace': 'aurora-prod',
        }),
      ];
    });

    it('binds what is claimed and granted', async () => {
      await expect(resolve(kim, 'component:aurora/own')).resolves.toEqual([
        'prod-eu/aurora-prod',
      ]);
      await expect(resolve(kim, 'component:aurora/foreign')).resolves.toBe(
        'not-granted',
      );
      await expect(resolve(kim, 'component:aurora/unsaid')).resolves.toBe(
        'incomplete',
      );
      await expect(resolve(kim, 'component:aurora/silent')).resolves.toBe(
        'no-claim',
      );
    });

    it('tells nobody else whether an entity, a claim or a grant is there', async () => {
      for (const caller of [lena, twin, pat]) {
        for (const name of ['own', 'foreign', 'unsaid', 'silent', 'nothing']) {
          await expect(
            resolve(caller, `component:aurora/${name}`),
          ).resolves.toBe('not-found');
        }
      }
      await expect(resolve(kim, 'component:default/shared')).resolves.toBe(
        'not-found',
      );
    });

    it('takes no malformed claim for a thing inside a pattern', async () => {
      const claims = [
        'aurora-*',
        'aurora-/../borealis-prod',
        'aurora-x/pods',
        'AURORA-prod',
        'aurora-',
        'aurora-prod ',
        'aurora-prod\nborealis-prod',
      ];
      portal.entities = claims.map((claim, index) =>
        component('aurora', `c${index}`, {
          'backstage.io/kubernetes-namespace': claim,
        }),
      );
      for (const index of claims.keys()) {
        await expect(resolve(kim, `component:aurora/c${index}`)).resolves.toBe(
          'not-granted',
        );
      }
    });

    it('works for a plugin by itself only inside the tenant that it names', async () => {
      const credentials = mockCredentials.service();
      const kind = 'kubernetes-namespace';
      const ask = async (tenant: string | undefined, ref: string) =>
        shapeOf(
          await portal.bindings.resolve(ref, kind, { credentials, tenant }),
        );
      await expect(ask('aurora', 'component:aurora/own')).resolves.toEqual([
        'prod-eu/aurora-prod',
      ]);
      await expect(ask('borealis', 'component:aurora/own')).resolves.toBe(
        'not-found',
      );
      await expect(ask(undefined, 'component:aurora/own')).rejects.toThrow(
        'has to name the tenant',
      );
      await expect(
        portal.bindings.resolve('component:aurora/own', kind, {
          credentials: await portal.credentialsOf(kim),
          tenant: 'borealis',
        }),
      ).rejects.toThrow('not the tenant of the caller');
      await expect(
        portal.bindings.resolve('component:aurora/own', kind, {
          credentials: mockCredentials.none(),
        }),
      ).rejects.toThrow('Nobody signed in');
    });
  });

  it('gives the tenant’s own credential, and never another one’s', async () => {
    for (const tenant of ['aurora', 'borealis']) {
      await portal.grant(tenant, {
        kind: 'argocd-project',
        system: 'argo',
        resource: 'common',
        shared: true,
      });
    }
    portal.entities = ['aurora', 'borealis'].map(tenant =>
      component(tenant, 'app', { 'argocd/app-name': 'app' }),
    );
    await portal.as(kim, 'put', '/tenants/aurora/credentials/argo', {
      token: 'token-of-aurora',
    });
    const credentialOf = async (caller: string, tenant: string) => {
      const resolution = await portal.bindings.resolve(
        `component:${tenant}/app`,
        'argocd-project',
        { credentials: await portal.credentialsOf(caller) },
      );
      return resolution.outcome === 'bound'
        ? resolution.bindings[0].credential()
        : resolution.reason;
    };
    await expect(credentialOf(kim, 'aurora')).resolves.toEqual({
      token: 'token-of-aurora',
    });
    await expect(credentialOf(lena, 'borealis')).resolves.toBeUndefined();
    await expect(credentialOf(lena, 'aurora')).resolves.toBe('not-found');
  });

  it('looks names up among the claims of the own tenant only', async () => {
    for (const tenant of ['aurora', 'borealis']) {
      await portal.grant(tenant, {
        kind: 'argocd-project',
        system: 'argo',
        resource: tenant,
      });
    }
    portal.entities = [
      component('aurora', 'a', { 'argocd/app-name': 'mine' }),
      component('aurora', 'b', { 'argocd/app-name': 'mine' }),
      component('borealis', 'c', { 'argocd/app-name': 'theirs' }),
      component('default', 'd', { 'argocd/app-name': 'platform' }),
    ];
    const find = async (caller: string, name: string) =>
      (
        await portal.bindings.resolveByName('argocd-project', name, {
          credentials: await portal.credentialsOf(caller),
        })
      ).map(({ entityRef, resource }) => `${entityRef} ${resource}`);
    await expect(find(kim, 'mine')).resolves.toEqual([
      'component:aurora/a aurora',
    ]);
    for (const name of [
      'theirs',
      'platform',
      'nobodys',
      'MINE',
      '',
      'x'.repeat(999),
    ]) {
      await expect(find(kim, name)).resolves.toEqual([]);
    }
    await expect(find(pat, 'mine')).resolves.toEqual([]);
  });

  it('never answers with anything of another tenant, whatever is claimed and granted', async () => {
    const tenants = Object.keys(callers);
    const names = ['aurora', 'aurora-two', 'aurora-two-x', 'borealis', 'x'];
    const grant = fc.record({
      tenant: fc.constantFrom(...tenants),
      system: fc.constantFrom('prod-eu', 'prod-us'),
      prefix: fc.constantFrom(...names),
      star: fc.boolean(),
    });
    const claimed = fc.record({
      tenant: fc.constantFrom(...tenants, 'default'),
      namespace: fc.option(
        fc.oneof(
          fc.constantFrom(...names, 'aurora-two-', 'a*', '*'),
          fc.string({ maxLength: 8 }),
        ),
        { nil: undefined },
      ),
      cluster: fc.option(
        fc.constantFrom('prod-eu', 'prod-us', 'prod-eu,prod-us', 'argo', '*'),
        {
          nil: undefined,
        },
      ),
      id: fc.option(fc.constantFrom(...names), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(grant, { maxLength: 8 }),
        fc.array(claimed, { minLength: 1, maxLength: 6 }),
        async (wishes, claims) => {
          await emptyGrants();
          // The model: a plain list of who was granted what.
          const model: Array<{
            tenant: string;
            system: string;
            resource: string;
          }> = [];
          for (const wish of wishes) {
            const resource = wish.star ? `${wish.prefix}*` : wish.prefix;
            const answer = await portal.as(
              pat,
              'post',
              `/tenants/${wish.tenant}/grants`,
              { kind: 'kubernetes-namespace', system: wish.system, resource },
            );
            if (answer.status === 201) {
              model.push({
                tenant: wish.tenant,
                system: wish.system,
                resource,
              });
            }
          }
          portal.entities = claims.map((claim, index) =>
            component(
              claim.tenant,
              `e${index}`,
              Object.fromEntries(
                [
                  ['backstage.io/kubernetes-namespace', claim.namespace],
                  ['backstage.io/kubernetes-cluster', claim.cluster],
                  ['backstage.io/kubernetes-id', claim.id],
                ].filter(([, value]) => value !== undefined),
              ),
            ),
          );
          const covers =
            (isOwner: (owner: string) => boolean) =>
            (system: string, resource: string) =>
              model.some(
                entry =>
                  isOwner(entry.tenant) &&
                  entry.system === system &&
                  (entry.resource.endsWith('*')
                    ? resource.startsWith(entry.resource.slice(0, -1))
                    : entry.resource === resource),
              );
          const wrong: string[] = [];
          for (const [tenant, caller] of Object.entries(callers)) {
            const credentials = await portal.credentialsOf(caller);
            const isMine = covers(owner => owner === tenant);
            const isForeign = covers(owner => owner !== tenant);
            const check = (what: string, bindings: readonly Binding[]) => {
              for (const { system, resource, ...binding } of bindings) {
                const isRight =
                  binding.tenant === tenant &&
                  binding.entityRef.startsWith(`component:${tenant}/`) &&
                  isMine(system.name, resource) &&
                  !isForeign(system.name, resource) &&
                  /^[a-z0-9-]+$/.test(resource);
                if (!isRight) {
                  wrong.push(
                    `${caller} got ${system.name}/${resource} ${what}`,
                  );
                }
              }
            };
            for (const [index, claim] of claims.entries()) {
              const ref = `component:${claim.tenant}/e${index}`;
              const resolution = await portal.bindings.resolve(
                ref,
                'kubernetes-namespace',
                { credentials },
              );
              const bindings =
                resolution.outcome === 'bound' ? resolution.bindings : [];
              check(`for ${ref}`, bindings);
              if (
                claim.tenant !== tenant &&
                shapeOf(resolution) !== 'not-found'
              ) {
                wrong.push(`${caller} was told about ${ref}`);
              }
              const { namespace = '' } = claim;
              const isHeldBack =
                claim.tenant === tenant &&
                claim.cluster === undefined &&
                bindings.length === 0 &&
                /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(namespace) &&
                ['prod-eu', 'prod-us'].some(name => isMine(name, namespace));
              if (isHeldBack) {
                wrong.push(`${caller} was refused ${namespace} for ${ref}`);
              }
            }
            for (const name of names) {
              check(
                `by name`,
                await portal.bindings.resolveByName(
                  'kubernetes-namespace',
                  name,
                  { credentials },
                ),
              );
            }
          }
          expect(wrong).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('knows a system and an annotation for each kind', async () => {
    const examples: Record<
      Exclude<BindingKind, 'api-server'>,
      [string, string, string]
    > = {
      'argocd-project': ['argo', 'shop', 'shop'],
      'kubernetes-namespace': ['prod-eu', 'shop', 'shop'],
      'git-organisation': ['github', 'Shop', 'shop/checkout'],
      'grafana-folder': ['grafana', 'uid1', 'any'],
      'jira-project': ['jira', 'SHOP', 'SHOP'],
      'sentry-project': ['sentry', 'shop/checkout', 'checkout'],
      'sonar-project': ['sonar', 'shop:*', 'sonar/shop:checkout'],
    };
    expect(systems.length).toBeGreaterThan(bindingKinds.length);
    for (const kind of bindingKinds) {
      // Claimed by the definition of an API instead; see below.
      if (kind === 'api-server') continue;
      const [system, resource, claim] = examples[kind];
      await portal.grant('aurora', { kind, system, resource });
      const annotation = claimAnnotations(kind).includes('argocd/project-name')
        ? 'argocd/project-name'
        : claimAnnotations(kind)[0];
      portal.entities = [
        component('aurora', 'shop', {
          [annotation]: claim,
          ...(kind === 'kubernetes-namespace' && {
            'backstage.io/kubernetes-namespace': claim,
          }),
        }),
      ];
      const shape = await resolve(kim, 'component:aurora/shop', kind);
      expect([kind, shape]).toEqual([kind, [expect.any(String)]]);
    }
  });

  it('tells what a tenant was granted for claims that are no annotations', async () => {
    await portal.grant('aurora', {
      kind: 'api-server',
      system: 'apis',
      resource: '*.Aurora.example.org',
    });
    const granted = async (userRef: string) =>
      portal.bindings.granted('api-server', {
        credentials: await portal.credentialsOf(userRef),
      });
    expect(await granted(kim)).toEqual(['*.aurora.example.org']);
    expect(await granted(lena)).toEqual([]);
    portal.entities = [component('aurora', 'shop', {})];
    expect(await resolve(kim, 'component:aurora/shop', 'api-server')).toEqual(
      'no-claim',
    );
  });

  it('gives a thing that no annotation names where it was granted, and to no other tenant', async () => {
    await portal.grant('aurora', {
      kind: 'git-organisation',
      system: 'github',
      resource: 'aurora',
    });
    await portal.as(kim, 'put', '/tenants/aurora/credentials/github', {
      token: 'token-of-aurora',
    });
    const thing = async (
      userRef: string,
      resource: string,
      system = 'github',
    ) =>
      portal.bindings.grantedThing(
        'git-organisation',
        { system, resource },
        { credentials: await portal.credentialsOf(userRef) },
      );
    const own = await thing(kim, 'Aurora/shop');
    expect(own).toMatchObject({
      tenant: 'aurora',
      resource: 'aurora/shop',
      system: { name: 'github' },
    });
    expect(own?.system).not.toHaveProperty('readToken');
    expect(await own?.credential()).toEqual({ token: 'token-of-aurora' });
    for (const [userRef, resource, system] of [
      [lena, 'aurora'],
      [twin, 'aurora'],
      [kim, 'aurora-two'],
      [kim, '../aurora'],
      [kim, 'aurora', 'grafana'],
      [kim, 'aurora', 'nowhere'],
    ] as const) {
      expect(await thing(userRef, resource, system)).toBeUndefined();
    }
  });
});
