import {
  deliverySchema,
  type Subject,
} from '@portico/plugin-promotions-common';
import fc from 'fast-check';
import { describeSubjectChanges } from '../../queries/describeSubjectChanges';
import { TestForge } from '../__testUtils__/TestForge';
import { SubjectManifests } from './SubjectManifests';

const overlay = 'shop/overlays/prod/kustomization.yaml';
const values = 'shop/values-prod.yaml';
const commit = 'c'.repeat(40);

const kustomized: Record<string, string> = {
  [overlay]: `resources:
  - ../../base
  - extra.yaml
  - https://git.example/aurora/shop.git//deploy/base?ref=${commit}
patches:
  - path: patch.yaml
  - patch: "- op: remove"
configMapGenerator:
  - name: settings
    files: [application.conf, other=more.conf]
    envs: [.env]
components: [../../../shared/metrics]
`,
  'shop/overlays/prod/extra.yaml': 'kind: Service\n',
  'shop/overlays/prod/patch.yaml': 'spec: {}\n',
  'shop/overlays/prod/application.conf': 'a\n',
  'shop/overlays/prod/more.conf': 'b\n',
  'shop/overlays/prod/.env': 'C=1\n',
  'shop/base/kustomization.yml': 'resources: [deployment.yaml]\n',
  'shop/base/deployment.yaml': 'kind: Deployment\n',
  'shared/metrics/kustomization.yaml': 'kind: Component\n',
};
const chart: Record<string, string> = {
  'shop/Chart.yaml': 'name: shop\ndependencies: [{ name: redis }]\n',
  'shop/values.yaml': 'replicas: 1\n',
  [values]: 'image: { digest: x }\n',
  'shop/templates/deployment.yaml': 'kind: Deployment\n',
  'shop/charts/redis-1.0.0.tgz': 'bytes \uFFFD',
};
const unread: Record<string, string> = {
  'shop/README.md': 'How to\n',
  'shop/values-dev.yaml': 'image: { digest: y }\n',
  'shop/overlays/dev/kustomization.yaml': 'resources: [../../base]\n',
  'other/base/kustomization.yaml': 'resources: []\n',
};

const fileOf = {
  kustomize: {
    format: 'kustomize',
    path: '{component}/overlays/{environment}/kustomization.yaml',
  },
  helm: {
    format: 'helm',
    path: values,
    values: [{ image: 'shop', digest: 'image.digest' }],
  },
} as const;

/** What a subject says of the files at the head of a repository. */
async function manifestsOf(
  forge: TestForge,
  format: keyof typeof fileOf,
  changed: Record<string, string> = {},
) {
  const head = await forge.head();
  return new SubjectManifests().of({
    target: {
      tenant: 'aurora',
      component: 'component:aurora/shop',
      environment: 'prod',
      delivery: deliverySchema.parse({
        driver: 'git',
        file: fileOf[format],
      }),
    },
    repository: forge,
    commit: head?.commit ?? '',
    changed: Object.entries(changed).map(([path, content]) => ({
      path,
      content,
    })),
  });
}

it.each([
  ['kustomize', kustomized],
  ['helm', chart],
] as const)(
  'signs every byte that %s reads in the repository, and nothing else',
  async (format, read) => {
    const all: Record<string, string> = { ...read, ...unread };
    const before = await manifestsOf(new TestForge(all), format);
    expect(before.manifestFiles?.map(({ path }) => path)).toEqual(
      Object.keys(read).sort(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(all)),
        fc.string({ minLength: 1 }),
        async (path, more) => {
          const forge = new TestForge(all);
          forge.push('main', { [path]: `${all[path]}# ${more}\n` });
          const after = await manifestsOf(forge, format);
          expect(after.manifests === before.manifests).toBe(
            !Object.hasOwn(read, path),
          );
        },
      ),
      { numRuns: 60 },
    );
  },
);

it('signs our change, and says file by file what changed', async () => {
  const forge = new TestForge({ ...kustomized, ...unread });
  const subject = async (
    changed: Record<string, string>,
  ): Promise<Subject> => ({
    shape: 2,
    release: 'r',
    component: 'component:aurora/shop',
    environment: 'prod',
    kind: 'promote',
    files: [{ path: overlay, digest: 'd' }],
    stage: 's',
    ...(await manifestsOf(forge, 'kustomize', changed)),
  });
  const before = await subject({});
  const written = `${kustomized[overlay]}images: []\n`;
  const ours = await subject({ [overlay]: written });
  expect(ours.manifests).not.toBe(before.manifests);
  // What is written is told of as that.
  expect(describeSubjectChanges(before, ours)).toEqual([]);

  forge.push('main', {
    'shop/base/deployment.yaml': 'kind: Deployment \n',
    'shop/base/kustomization.yml': 'resources: [deployment.yaml, new.yaml]\n',
    'shop/base/new.yaml': 'kind: Role\n',
  });
  expect(
    describeSubjectChanges(ours, await subject({ [overlay]: written })),
  ).toEqual([
    'shop/base/deployment.yaml, which it is rendered from, has changed.',
    'shop/base/kustomization.yml, which it is rendered from, has changed.',
    'It is rendered from shop/base/new.yaml too.',
  ]);

  forge.push('main', {
    'shop/base/kustomization.yml': 'helmCharts: [{ name: redis }]\n',
  });
  expect(
    describeSubjectChanges(ours, await subject({ [overlay]: written })),
  ).toEqual([
    'It cannot be told any more what it is rendered from: shop/base/kustomization.yml uses helmCharts, which is not rendered here.',
  ]);
});

it('takes all files of a chart whose templates ask for files', async () => {
  const forge = new TestForge({
    ...chart,
    'shop/README.md': 'How to\n',
    'shop/templates/deployment.yaml': '{{ .Files.Get "README.md" }}\n',
  });
  const { manifestFiles } = await manifestsOf(forge, 'helm');
  expect(manifestFiles?.map(({ path }) => path)).toContain('shop/README.md');
});

it('tells bytes that are no text by the commit that changed them', async () => {
  const forge = new TestForge(chart);
  const before = await manifestsOf(forge, 'helm');
  forge.push('main', { 'shop/charts/redis-1.0.0.tgz': 'bytes \uFFFD\uFFFD' });
  forge.push('main', chart);
  // The text is the same again; what the bytes are, nobody can see in it.
  expect((await manifestsOf(forge, 'helm')).manifests).not.toBe(
    before.manifests,
  );
});

it.each<[string, 'kustomize' | 'helm', Record<string, string>, string]>([
  [
    'a base on a branch',
    'kustomize',
    {
      [overlay]:
        'resources: ["https://kim:pa55word@git.example/a.git//base?ref=main"]\n',
    },
    'can change while the repository does not',
  ],
  [
    'a folder out of the repository',
    'kustomize',
    { [overlay]: 'resources: [../../../../elsewhere]\n' },
    'can change while the repository does not',
  ],
  [
    'a file that is not there',
    'kustomize',
    { [overlay]: 'patches: [{ path: none.yaml }]\n' },
    'reads shop/overlays/prod/none.yaml, which is not there',
  ],
  [
    'a field that is not known',
    'kustomize',
    { [overlay]: 'generators: [plugin.yaml]\n' },
    'uses generators, which is not rendered here',
  ],
  ['a chart from elsewhere', 'helm', { [values]: 'a: 1\n' }, 'no Chart.yaml'],
  [
    'a dependency that is fetched',
    'helm',
    { ...chart, 'shop/Chart.yaml': 'dependencies: [{ name: kafka }]\n' },
    'depends on kafka, which is fetched when it is rendered',
  ],
])('says so where nobody can tell: %s', async (_, format, files, why) => {
  const said = await manifestsOf(new TestForge(files), format);
  expect(said).toEqual({ manifestsUnknown: expect.stringContaining(why) });
  expect(JSON.stringify(said)).not.toContain('pa55word');
});
