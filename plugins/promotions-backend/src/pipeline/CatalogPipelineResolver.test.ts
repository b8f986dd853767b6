import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { gitHostServiceFactory } from '@portico/plugin-git-host-backend';
import { type GitHostService } from '@portico/plugin-git-host-node';
import { approvalGateOptionsSchema } from '@portico/plugin-promotions-common';
import { defineGate } from '@portico/plugin-promotions-node';
import { CatalogPipelineResolver } from './CatalogPipelineResolver';
import { PipelineEditors } from './PipelineEditors';

jest.setTimeout(60_000);

const approval = defineGate({
  kind: 'approval',
  options: approvalGateOptionsSchema,
  evaluate: async () => ({ outcome: 'passed', reason: '', evidence: {} }),
});

function entity(
  ref: string,
  spec: Entity['spec'],
  annotations?: Record<string, string>,
): Entity {
  const [kind, namespace, name] = ref.split(/[:/]/);
  return {
    apiVersion: 'portico/v1',
    kind,
    metadata: { namespace, name, uid: ref, etag: '1', annotations },
    spec,
  };
}

const environment = (ref: string, order: number, isProtected = false) =>
  entity(ref, {
    owner: 'group:default/platform',
    order,
    tier: isProtected ? 'production' : 'development',
    protected: isProtected,
    delivery: { driver: 'git' },
  });

const gate = {
  name: 'approval',
  kind: 'approval',
  rules: [{ name: 'approver', from: ['role:approver'], required: 1 }],
};
const platform = [
  environment('environment:default/dev', 1),
  environment('environment:default/prod', 3, true),
  entity('pipeline:default/default', {
    owner: 'group:default/platform',
    stages: [
      { environment: 'dev', automatic: true },
      { environment: 'prod', gates: [gate] },
    ],
  }),
];
const checkout = entity('component:aurora/checkout', {});

/** A resolver over a catalog of these entities, and what it asked the catalog for. */
function resolverOf(
  entities: Entity[],
  editors: Pick<PipelineEditors, 'of'> = { of: async () => [] },
) {
  const asked = new Set<string>();
  const byRef = new Map(entities.map(one => [stringifyEntityRef(one), one]));
  const auth = mockServices.auth();
  const resolver = new CatalogPipelineResolver({
    auth,
    gates: () => [approval],
    editors,
    catalog: {
      async getEntitiesByRefs({ entityRefs }, { credentials }) {
        expect(auth.isPrincipal(await credentials, 'service')).toBe(true);
        entityRefs.forEach(ref => asked.add(ref));
        return { items: entityRefs.map(ref => byRef.get(ref)) };
      },
    },
  });
  const resolve = (component = 'component:aurora/checkout') =>
    resolver.resolve({ tenant: 'aurora', component });
  return { resolve, resolver, asked };
}

describe('the pipeline of a component', () => {
  it('is the platform’s, where the tenant has none', async () => {
    const { resolve } = resolverOf([checkout, ...platform]);
    const { pipelineRefs, stages } = await resolve();
    expect(pipelineRefs).toEqual(['pipeline:default/default']);
    expect(
      stages.map(({ name, automatic, gates }) => [
        name,
        automatic,
        gates.map(one => one.requiredBy),
      ]),
    ).toEqual([
      ['dev', true, []],
      ['prod', false, ['pipeline:default/default']],
    ]);
  });

  it('is united with the tenant’s default, or with the one that the component names', async () => {
    const own = (name: string) =>
      entity(`pipeline:aurora/${name}`, {
        owner: 'group:aurora/team',
        stages: [{ environment: 'prod', gates: [{ ...gate, name }] }],
      });
    const entities = [own('default'), own('careful'), ...platform];
    const names = async (component: Entity) =>
      (
        await resolverOf([component, ...entities]).resolve()
      ).stages[1].gates.map(({ name }) => name);
    expect(await names(checkout)).toEqual(['approval', 'default']);
    expect(
      await names(
        entity(
          'component:aurora/checkout',
          {},
          { 'portico/pipeline': 'careful' },
        ),
      ),
    ).toEqual(['approval', 'careful']);
    await expect(
      names(
        entity('component:aurora/checkout', {}, { 'portico/pipeline': 'gone' }),
      ),
    ).rejects.toThrow(
      'component:aurora/checkout, annotation portico/pipeline: there is no pipeline:aurora/gone in the catalog',
    );
  });

  it('is asked for with refs of the tenant and of the platform only', async () => {
    for (const name of [
      'careful',
      'borealis/default',
      'pipeline:borealis/default',
      '../borealis/default',
    ]) {
      const { resolve, asked } = resolverOf([
        entity('component:aurora/checkout', {}, { 'portico/pipeline': name }),
        entity('pipeline:aurora/careful', {
          owner: 'group:aurora/team',
          stages: [{ environment: 'dev' }],
        }),
        ...platform,
      ]);
      await resolve().catch(() => {});
      expect(asked.size).toBeGreaterThan(2);
      for (const ref of asked) {
        expect(ref).toMatch(/^[a-z]+:(?:aurora|default)\/[a-z]+$/);
      }
    }
    const { resolve, asked } = resolverOf([
      entity('component:borealis/checkout', {}),
      ...platform,
    ]);
    for (const foreign of [
      'component:borealis/checkout',
      'component:default/portal',
    ]) {
      await expect(resolve(foreign)).rejects.toThrow(
        `There is no ${foreign} in aurora`,
      );
    }
    expect([...asked]).toEqual([]);
  });

  it('says what is missing', async () => {
    await expect(resolverOf(platform).resolve()).rejects.toThrow(
      'There is no component:aurora/checkout in aurora',
    );
    await expect(resolverOf([checkout]).resolve()).rejects.toThrow(
      'There is no pipeline:default/default in the catalog, so nothing can be promoted',
    );
    await expect(
      resolverOf([
        checkout,
        entity('pipeline:default/default', {
          owner: 'group:default/platform',
          stages: [{ environment: 'dev', automatic: 'yes' }],
        }),
      ]).resolve(),
    ).rejects.toThrow('pipeline:default/default, spec.stages.0.automatic:');
  });
});

describe('who wrote a pipeline', () => {
  const by = pluginAuditContext('test');
  let database: TestDatabase;
  let gitHost: GitHostService;
  let directory: string;
  let head: string | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'portico-editors-'));
    database = await TestDatabase.create({
      migrations: [auditMigrations],
      pluginIds: [],
    });
    const baseUrl = 'http://localhost:7161';
    gitHost = await ServiceFactoryTester.from(gitHostServiceFactory, {
      dependencies: [
        mockServices.rootConfig.factory({
          data: {
            portico: database.config.portico,
            app: { baseUrl },
            backend: { baseUrl },
            integrations: {
              gitea: [
                { host: 'localhost:7161', baseUrl: `${baseUrl}/api/git-host` },
              ],
            },
            gitHost: { directory: path.join(directory, 'repositories') },
          },
        }),
      ],
    }).getSubject();
    await gitHost.create({
      by,
      tenant: 'aurora',
      repository: 'delivery',
      description: '',
    });
  });

  afterAll(async () => {
    await database.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  async function commit(file: string, content: string, email: string) {
    const folder = await mkdtemp(path.join(directory, 'commit-'));
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, file), content);
    ({ commit: head } = await gitHost.commit({
      by,
      tenant: 'aurora',
      repository: 'delivery',
      branch: 'main',
      message: `Change ${file}`,
      author: { name: 'Somebody', email },
      onBehalfOf: 'user:aurora/kim',
      directory: folder,
      overlayPath: '',
      expectedHead: head,
    }));
  }

  it('is found by the authors of its file, among the members of the tenant', async () => {
    await commit('pipeline.yaml', '1', 'Kim@Aurora.example');
    await commit('pipeline.yaml', '2', 'robin@aurora.invalid');
    await commit('pipeline.yaml', '3', 'stranger@elsewhere.example');
    await commit('README.md', '1', 'vera@aurora.example');
    let now = new Date();
    const editors = () =>
      new PipelineEditors({
        gitHost,
        now: () => now,
        directory: {
          members: async tenant => {
            expect(tenant).toBe('aurora');
            return ['kim', 'robin', 'vera'].map(name => ({
              userRef: `user:aurora/${name}`,
              displayName: name,
              kind: 'person' as const,
              email: `${name}@aurora.example`,
              roles: [],
              groups: [],
            }));
          },
        },
      });
    const pipeline = (etag: string, file = 'pipeline.yaml') => {
      const found = entity(
        'pipeline:aurora/default',
        {},
        {
          'backstage.io/managed-by-location': `url:${gitHost.urlOf({
            tenant: 'aurora',
            repository: 'delivery',
            ref: 'main',
            path: file,
          })}`,
        },
      );
      return { ...found, metadata: { ...found.metadata, etag } };
    };
    const both = ['user:aurora/kim', 'user:aurora/robin'];
    expect(await editors().of('aurora', [pipeline('1')])).toEqual(both);

    // Another state of the entity is looked up anew, the same one is not.
    const kept = editors();
    expect(await kept.of('aurora', [pipeline('1')])).toEqual(both);
    await commit('pipeline.yaml', '4', 'vera@aurora.example');
    expect(await kept.of('aurora', [pipeline('1')])).toEqual(both);
    expect(await kept.of('aurora', [pipeline('2')])).toEqual([
      ...both,
      'user:aurora/vera',
    ]);

    // Long after, only the last one still counts.
    now = new Date(Date.now() + 40 * 24 * 60 * 60 * 1000);
    expect(await editors().of('aurora', [pipeline('3')])).toEqual([
      'user:aurora/vera',
    ]);
    // What lies elsewhere, or in the repository of somebody else, has no known authors.
    expect(
      await editors().of('aurora', [
        entity(
          'pipeline:aurora/default',
          {},
          {
            'backstage.io/managed-by-location':
              'url:https://github.com/aurora/delivery/blob/main/pipeline.yaml',
          },
        ),
        entity(
          'pipeline:borealis/default',
          {},
          {
            'backstage.io/managed-by-location':
              pipeline('1').metadata.annotations?.[
                'backstage.io/managed-by-location'
              ] ?? '',
          },
        ),
      ]),
    ).toEqual([]);
  });
});
