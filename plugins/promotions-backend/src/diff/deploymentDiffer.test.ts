import { ConfigReader } from '@backstage/config';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { TestGitHost } from '@portico/plugin-git-host-backend/testUtils';
import {
  deliverySchema,
  deploymentDiffSchema,
  releaseContentSchema,
} from '@portico/plugin-promotions-common';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { DeploymentRepositories } from '../effects/DeploymentRepositories';
import { EmbeddedRepositoryHost } from '../effects/EmbeddedRepositoryHost';
import { installedTool } from './__testUtils__/installedTool';
import { createDeploymentDiffer } from './createDeploymentDiffer';
import { ManifestRenderer } from './rendering/ManifestRenderer';

jest.setTimeout(60_000);

const kustomize = installedTool('kustomize');
const whereInstalled = kustomize ? describe : describe.skip;

const deployments = { tenant: 'aurora', repository: 'deployments' };
const target = {
  tenant: 'aurora',
  component: 'component:aurora/checkout',
  environment: 'staging',
  delivery: deliverySchema.parse({ driver: 'git' }),
};
const path = 'checkout/overlays/staging/kustomization.yaml';
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const signal = () => AbortSignal.timeout(30_000);

const deployment = (extra: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
spec:
  selector: { matchLabels: { app: checkout } }
  template:
    metadata:
      labels: { app: checkout }
    spec:
      containers:
        - name: service
          image: checkout
          env:
            - name: LOG_LEVEL
              value: info
            - name: DB_PASSWORD
              value: ${extra}
          resources:
            requests: { cpu: 100m, memory: 128Mi }
`;
const base = (extra: string) => ({
  'deploy/base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'deploy/base/deployment.yaml': deployment(extra),
});
const overlay = (
  clone: string,
  commit: string,
  image: string,
  replicas: number,
) => `# Staging
resources:
  - ${clone}//deploy/base?ref=${commit}
images:
  - name: checkout
    digest: ${image}
replicas:
  - name: checkout
    count: ${replicas}
secretGenerator:
  - name: checkout
    literals:
      - PIN=plain${replicas}text
`;

describe('createDeploymentDiffer', () => {
  let testDatabase: TestDatabase;
  let git: TestGitHost;
  let clone: string;
  const commits: string[] = [];
  let revisions: string[];

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations],
      pluginIds: [],
    });
    git = await TestGitHost.create({ database: testDatabase.database });
    clone = `${git.service.baseUrl}/aurora/checkout.git`;
    const source = { tenant: 'aurora', repository: 'checkout' };
    commits.push(await git.createRepository(source, base('hunter1')));
    commits.push(
      await git.push(
        source,
        { 'src/total.ts': 'export {}\n' },
        {
          message: 'fix: round totals (SHOP-12)',
          trailers: { Fixes: 'SHOP-7' },
        },
      ),
    );
    commits.push(
      await git.push(source, base('hunter2'), {
        message: 'Use UTF-8 and SHA-256',
        author: { name: 'Sam', email: 'sam@elsewhere.example' },
      }),
    );
    revisions = [
      await git.createRepository(deployments, {
        [path]: overlay(clone, commits[0], digest('a'), 1),
        'checkout/overlays/prod/kustomization.yaml': `${overlay(
          clone,
          commits[0],
          digest('a'),
          1,
        )}namespace: prod\n`,
      }),
    ];
  });
  afterAll(async () => {
    await git?.destroy();
    await testDatabase?.destroy();
    if (!kustomize) {
      process.stderr.write(
        'skipped 3 tests of rendering: kustomize is not on the PATH\n',
      );
    }
  });

  const release = (letter: string, commit: string) => ({
    id: digest(letter),
    content: releaseContentSchema.parse({
      component: target.component,
      version: `1.0.${letter}`,
      images: [{ name: 'checkout', digest: digest(letter) }],
      source: { repository: clone, commit },
    }),
  });
  const open = (options: { tool?: string; prices?: boolean } = {}) =>
    createDeploymentDiffer({
      config: new ConfigReader(
        options.prices
          ? {
              portico: {
                promotions: {
                  prices: {
                    currency: 'EUR',
                    cpuCoreMonth: 20,
                    memoryGibibyteMonth: 4,
                    source: 'list price of October',
                  },
                },
              },
            }
          : {},
      ),
      gitHost: git.service,
      repositories: new DeploymentRepositories({
        hosts: [new EmbeddedRepositoryHost({ gitHost: git.service })],
      }),
      // Only the members are asked for.
      tenancy: {
        directory: {
          members: async (tenant: string) => [
            {
              userRef: `user:${tenant}/kim`,
              displayName: 'Kim',
              kind: 'person',
              email: 'Kim@Aurora.example',
              roles: [],
              groups: [],
            },
          ],
        },
        // As far as it is used
      } as unknown as TenancyService,
      renderer: new ManifestRenderer(async () => options.tool),
    }).differ;
  const ofProposal = (
    options: Parameters<typeof open>[0],
    after = overlay(clone, commits[2], digest('b'), 3),
  ) =>
    open(options).ofProposal({
      target,
      proposal: {
        base: { branch: 'main', commit: revisions[0] },
        before: [],
        after: [{ path, content: after }],
      },
      before: release('a', commits[0]),
      after: release('b', commits[2]),
      signal: signal(),
    });

  it('tells of images, and of commits with their members and tickets', async () => {
    const diff = await ofProposal({});
    expect(deploymentDiffSchema.parse(diff)).toEqual(diff);
    expect(diff.images).toEqual([
      {
        name: 'checkout',
        before: digest('a'),
        after: digest('b'),
        versionBefore: '1.0.a',
        versionAfter: '1.0.b',
      },
    ]);
    expect(diff.commits).toMatchObject({
      reversed: false,
      items: [
        { id: commits[2], authorName: 'Sam', tickets: [] },
        {
          id: commits[1],
          authorRef: 'user:aurora/kim',
          tickets: ['SHOP-12', 'SHOP-7'],
        },
      ],
    });
    expect(diff.commits.note).toBeUndefined();
    expect(diff.cost).toBeUndefined();
  });

  it('says that an older release takes commits back, and why it shows none', async () => {
    const between = (from: string, to: string) =>
      open().between({
        tenant: 'aurora',
        component: target.component,
        from: { release: release('b', from) },
        to: { release: release('a', to) },
        signal: signal(),
      });
    expect((await between(commits[2], commits[0])).commits).toMatchObject({
      reversed: true,
      items: [{ id: commits[2] }, { id: commits[1] }],
    });
    expect((await between('f'.repeat(40), commits[0])).commits).toEqual({
      reversed: false,
      items: [],
      note: 'Not known, because a commit of the two releases is not in checkout any more',
    });
  });

  it('compares files of overlay and base without the tool, and says so', async () => {
    const diff = await ofProposal({});
    expect(diff.manifests.rendered).toBe('files');
    expect(diff.manifests.note).toContain('kustomize is not installed');
    expect(diff.manifests.items.map(({ name }) => name)).toEqual([
      path,
      'checkout: deploy/base/deployment.yaml',
    ]);
    const [inOverlay, inBase] = diff.manifests.items;
    expect(inBase.lines).toContainEqual({
      kind: 'added',
      after: 18,
      text: expect.stringMatching(/^ +value: "?\[redacted, changed\]"?$/),
    });
    expect(inOverlay.lines).toContainEqual({
      kind: 'added',
      after: 9,
      text: '    count: 3',
    });
    expect(JSON.stringify(diff)).not.toMatch(/hunter|plain\d/);
  });

  whereInstalled('with kustomize', () => {
    it('compares what the real kustomize renders, object by object', async () => {
      const diff = await ofProposal({ tool: kustomize, prices: true });
      expect(deploymentDiffSchema.parse(diff)).toEqual(diff);
      expect(diff.manifests.note).toBeUndefined();
      expect(diff.manifests.rendered).toBe('kustomize');
      expect(
        diff.manifests.items.map(({ name, change }) => [
          name.replace(/-\w{10}$/, ''),
          change,
        ]),
      ).toEqual([
        ['Secret checkout', 'changed'],
        ['apps/Deployment checkout', 'changed'],
      ]);
      const texts = diff.manifests.items.flatMap(({ lines }) =>
        lines.map(({ kind, text }) => `${kind} ${text.trim()}`),
      );
      expect(texts).toEqual(
        expect.arrayContaining([
          'removed replicas: 1',
          'added replicas: 3',
          `added image: checkout@${digest('b')}`,
          'added value: "[redacted, changed]"',
          'added PIN: "[redacted, changed]"',
        ]),
      );
      expect(JSON.stringify(diff)).not.toMatch(/hunter|plain\d|cGxhaW/);
      expect(diff.risks.map(({ kind }) => kind)).toEqual([
        'secrets',
        'replicas',
      ]);
      expect(diff.cost).toEqual({
        before: 2.5,
        after: 7.5,
        currency: 'EUR',
        source:
          'requests of CPU and memory times replicas; list price of October',
      });
      expect(diff.summary).toMatchObject({ images: 1, commits: 2, objects: 2 });
    });

    it('compares environments that differ in the namespace', async () => {
      const diff = await open({ tool: kustomize }).between({
        tenant: 'aurora',
        component: target.component,
        from: { target },
        to: { target: { ...target, environment: 'prod' } },
        signal: signal(),
      });
      expect(diff.manifests.rendered).toBe('kustomize');
      const [secret, rendered, ...more] = diff.manifests.items;
      expect(more).toEqual([]);
      expect(secret.name).toMatch(/^Secret prod\/checkout-/);
      expect(rendered).toMatchObject({
        name: 'apps/Deployment prod/checkout',
        change: 'changed',
      });
      expect(rendered.lines.filter(({ kind }) => kind === 'added')).toEqual([
        expect.objectContaining({ text: '  namespace: prod' }),
      ]);
    });

    it('compares two releases by what they bring along', async () => {
      const diff = await open({ tool: kustomize }).between({
        tenant: 'aurora',
        component: target.component,
        from: { release: release('a', commits[0]) },
        to: { release: release('b', commits[2]) },
        signal: signal(),
      });
      expect(diff.manifests.rendered).toBe('kustomize');
      expect(diff.manifests.note).toContain('without the overlay');
      expect(diff.manifests.items.map(({ name }) => name)).toEqual([
        'apps/Deployment checkout',
      ]);
    });
  });

  it.each([
    [
      'a base elsewhere',
      `resources:\n  - https://kim:pa55@elsewhere.example/x.git//deploy/base?ref=${'a'.repeat(
        40,
      )}\n`,
      'https://elsewhere.example/x.git',
    ],
    [
      "another tenant's base",
      `resources:\n  - http://portal.example/api/git-host/borealis/x.git//deploy/base?ref=${'a'.repeat(
        40,
      )}\n`,
      'no repository of the tenant',
    ],
    [
      'a file of the machine',
      'resources: [../../../../../etc]\n',
      '../../../../../etc',
    ],
    [
      'an address as a file',
      'resources: []\npatches:\n  - path: http://127.0.0.1:9/x\n',
      'http://127.0.0.1:9/x',
    ],
    ['a plugin', 'resources: []\ngenerators: [x.yaml]\n', 'generators'],
    [
      'a chart from the network',
      'helmCharts: [{ name: x, repo: http://127.0.0.1:9 }]\n',
      'helmCharts',
    ],
  ])('never hands the tool %s', async (_, text, named) => {
    const differ = open({ tool: kustomize ?? '/nonexistent' });
    const diff = await differ.ofProposal({
      target,
      proposal: {
        base: { branch: 'main', commit: revisions[0] },
        before: [],
        after: [{ path, content: text }],
      },
      after: release('b', commits[2]),
      signal: signal(),
    });
    expect(diff.manifests.rendered).toBe('files');
    expect(diff.manifests.note).toContain(named);
    expect(JSON.stringify(diff.manifests.note)).not.toContain('pa55');
  });

  it('says why it has nothing where the repository cannot be read', async () => {
    const diff = await open().ofProposal({
      target: {
        ...target,
        delivery: deliverySchema.parse({
          driver: 'git',
          repository: { name: 'gone' },
        }),
      },
      proposal: {
        base: { branch: 'main', commit: revisions[0] },
        before: [{ path, content: 'replicas: 1\n' }],
        after: [{ path, content: 'replicas: 2\n' }],
      },
      after: release('b', commits[2]),
      signal: signal(),
    });
    expect(diff.manifests.note).toContain("no repository 'gone'");
    expect(diff.manifests.items).toHaveLength(1);
    expect(diff.commits.note).toContain('Nothing is known to compare with');
  });

  it('shows a diff of thousands of lines quickly', async () => {
    const config = (step: number) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n${Array.from(
        { length: 2_000 },
        (_, i) => `  key${i}: "${i * step}"\n`,
      ).join('')}`;
    const start = process.cpuUsage();
    const diff = await open().ofProposal({
      target: {
        ...target,
        delivery: deliverySchema.parse({
          driver: 'git',
          file: {
            format: 'yaml',
            path: 'plain/{environment}.yaml',
            fields: [{ image: 'x', path: 'a', value: 'digest' }],
          },
        }),
      },
      proposal: {
        base: { branch: 'main', commit: revisions[0] },
        before: [],
        after: [{ path: 'plain/staging.yaml', content: config(2) }],
      },
      after: release('b', commits[2]),
      signal: signal(),
    });
    // Of the processor, since others may use it at the same time
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(5_000);
    expect(diff.summary.added).toBe(2_005);
  });
});
