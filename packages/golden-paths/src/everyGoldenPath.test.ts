import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { templateEntityV1beta3Validator } from '@backstage/plugin-scaffolder-common';
import Ajv2020 from 'ajv/dist/2020';
import { parseAllDocuments } from 'yaml';
import {
  expectValidEntities,
  filesOf,
  npm,
  readEntities,
  readYaml,
  withProgram,
} from './__testUtils__/madeRepository';
import { TemplateBench, type TemplateRun } from './TemplateBench';
import { templatesFolder } from './templatesReader';

// Each run of a template takes a second or so; on a busy machine it takes many.
jest.setTimeout(60_000);

/** Quotes, colons, braces, HTML and scripts in one sentence. */
const NASTY =
  'say "no": # {{ not }} ${{ values.owner }} {% if x %} <script>alert(1)</script> \'Zoë\' 日本語 🎉';

/** What the form got, as it may stand in a file: in Markdown, JSON or YAML, and HTML. */
const traces = [NASTY, NASTY.slice(0, 60)].flatMap(text => [
  text,
  JSON.stringify(text).slice(1, -1),
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;'),
]);

const base = {
  name: 'sample',
  description: NASTY,
  owner: 'group:aurora/shop',
};
const related = {
  system: 'system:aurora/ordering',
  consumesApis: ['api:aurora/prices-api', 'api:aurora/stock-api'],
};
const dependsOn = [
  'resource:aurora/ordering-database',
  'component:aurora/money',
];

interface GoldenPath {
  /** Folder of the template. */
  template: string;
  answers: Record<string, unknown>;
  /** What its first entity says besides. */
  spec: Record<string, unknown>;
  kinds: string[];
  /** Whether it runs, and so has portico.yaml and overlays. */
  runs: boolean;
  /** Answers that make other code, each of which passes its own tests. */
  variants: Array<Record<string, unknown>>;
}

const goldenPaths: GoldenPath[] = [
  {
    template: 'typescript-service',
    answers: {
      ...base,
      ...related,
      dependsOn,
      size: 'S',
      exposure: 'internal',
      example: 'orders',
      lifecycle: 'production',
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      ...related,
      dependsOn,
      providesApis: ['sample-api'],
    },
    kinds: ['Component', 'API'],
    runs: true,
    // Its own test has the others.
    variants: [],
  },
  {
    template: 'typescript-worker',
    answers: {
      ...base,
      ...related,
      dependsOn,
      example: 'totals',
      every: 'minute',
      size: 'S',
    },
    spec: {
      type: 'worker',
      lifecycle: 'experimental',
      ...related,
      dependsOn,
    },
    kinds: ['Component'],
    runs: true,
    variants: [{}, { example: 'reminders', every: 'hour' }],
  },
  {
    template: 'typescript-library',
    answers: { ...base, system: related.system, example: 'money' },
    spec: {
      type: 'library',
      lifecycle: 'experimental',
      system: related.system,
    },
    kinds: ['Component'],
    runs: false,
    variants: [{}, { example: 'nights' }],
  },
  {
    template: 'static-site',
    answers: {
      ...base,
      ...related,
      example: 'handbook',
      exposure: 'public',
    },
    spec: { type: 'website', lifecycle: 'experimental', ...related },
    kinds: ['Component'],
    runs: true,
    variants: [{}, { example: 'shopfront', exposure: 'internal' }],
  },
  {
    template: 'system',
    answers: {
      ...base,
      title: NASTY.slice(0, 60),
      domain: 'domain:aurora/commerce',
      resources: ['database', 'queue', 'cache', 'files'],
    },
    spec: { type: 'product', domain: 'domain:aurora/commerce' },
    kinds: ['System', 'Resource', 'Resource', 'Resource', 'Resource'],
    runs: false,
    variants: [],
  },
  {
    template: 'domain',
    answers: { ...base, title: 'Commerce' },
    spec: {},
    kinds: ['Domain'],
    runs: false,
    variants: [],
  },
];

/** They make nothing that runs or has documentation; deliveryPaths.test.ts has them. */
const deliveryPaths = ['delivery-rules', 'promote', 'roll-back'];

let bench: TemplateBench;

beforeAll(async () => {
  bench = await TemplateBench.create(
    ...goldenPaths.map(({ template }) => template),
  );
});

afterAll(async () => {
  await bench?.close();
});

it('is every template that the catalog offers', async () => {
  const text = await readFile(
    path.join(templatesFolder, 'catalog-info.yaml'),
    'utf8',
  );
  const targets = parseAllDocuments(text).flatMap(
    document => document.toJS().spec.targets ?? [],
  );
  expect(
    [...goldenPaths.map(({ template }) => template), ...deliveryPaths]
      .map(name => `./${name}/template.yaml`)
      .sort(),
  ).toEqual(targets.sort());
});

describe.each(goldenPaths)(
  '$template',
  ({ template, answers, spec, kinds, runs, variants }) => {
    let made: TemplateRun;
    let folder: string;

    beforeAll(async () => {
      made = await bench.run(template, answers);
      folder = made.repository('sample');
    });

    it('is valid for the stock validator', async () => {
      await expect(
        templateEntityV1beta3Validator.check(bench.template(template)),
      ).resolves.toBe(true);
    });

    it('leaves nothing that was to be rendered', async () => {
      for (const file of await filesOf(folder)) {
        expect(file).not.toMatch(/\.njk$|[{}]/);
        const text = await readFile(path.join(folder, file), 'utf8');
        const rest = traces.reduce(
          (left, trace) => left.replaceAll(trace, ''),
          text,
        );
        expect(`${file}: ${/\$\{\{|\{%/.exec(rest)?.[0]}`).toBe(
          `${file}: undefined`,
        );
      }
    });

    it('makes entities of the own organisation, valid for the stock validators', async () => {
      await expectValidEntities(folder);
      const entities = await readEntities(folder);
      expect(entities.map(({ kind }) => kind)).toEqual(kinds);
      expect(entities[0]).toMatchObject({
        metadata: {
          name: 'sample',
          description: NASTY,
          annotations: { 'backstage.io/techdocs-ref': 'dir:.' },
        },
        spec: { owner: 'group:aurora/shop', ...spec },
      });
      for (const link of entities[0].metadata.links ?? []) {
        expect(link.url).toMatch(
          /^http:\/\/localhost:7007\/(docs|git)\/aurora\//,
        );
      }
    });

    it('has documentation whose pages exist, and that says what it is for', async () => {
      const mkdocs = await readYaml(folder, 'mkdocs.yml');
      const pages = (mkdocs.nav as Array<Record<string, string>>).flatMap(
        Object.values,
      );
      const files = (await filesOf(path.join(folder, 'docs'))).filter(file =>
        file.endsWith('.md'),
      );
      expect([...pages].sort()).toEqual(files);
      expect(mkdocs.site_description).toBe(NASTY);
      for (const link of entityLinkPages(await readEntities(folder))) {
        expect(pages).toContain(`${link}.md`);
      }
    });

    it('refuses what belongs to the platform or was not offered', async () => {
      const wrong: Array<Record<string, unknown>> = [
        { owner: 'group:default/platform' },
        { name: '../sample' },
        { description: 'one\ntwo' },
        ...('system' in answers
          ? [{ system: 'system:default/golden-paths' }]
          : []),
        ...('domain' in answers ? [{ domain: 'domain:default/portal' }] : []),
        ...('resources' in answers ? [{ resources: ['mainframe'] }] : []),
        ...('consumesApis' in answers
          ? [{ consumesApis: ['api:default/portal'] }]
          : []),
        ...('dependsOn' in answers
          ? [{ dependsOn: ['group:aurora/shop'] }]
          : []),
        ...('example' in answers ? [{ example: '../worker' }] : []),
      ];
      for (const change of wrong) {
        await expect(
          bench.run(template, { ...answers, ...change }),
        ).rejects.toThrow(Object.keys(change)[0]);
      }
    });

    it('needs nothing but what its form demands', async () => {
      const name = `smallest-${template}`;
      const smallest = Object.fromEntries(
        (
          bench.template(template).spec?.parameters as Array<{
            required: string[];
          }>
        ).flatMap(page => page.required.map(key => [key, answers[key]])),
      );
      const result = await bench.run(template, { ...smallest, name });
      const target = result.repository(name);
      await expectValidEntities(target);
      expect((await readEntities(target))[0].kind).toBe(kinds[0]);
    });

    if (runs) {
      it('declares how it runs, within the bounds, and where', async () => {
        const schema = JSON.parse(
          await readFile(
            path.join(folder, 'schema/portico.schema.json'),
            'utf8',
          ),
        );
        const validate = new Ajv2020({ strict: true }).compile(schema);
        const declared = await readYaml(folder, 'portico.yaml');
        validate(declared);
        expect(validate.errors).toBeNull();
        expect(declared.spec.dependencies).toContain('api:prices-api');
        const deployments = await filesOf(
          path.join(made.repository('deployments'), 'sample/overlays'),
        );
        expect(deployments).toEqual(
          ['dev', 'prod', 'staging'].map(
            environment => `${environment}/kustomization.yaml`,
          ),
        );
        const { resources } = await readYaml(
          folder,
          'deploy/base/kustomization.yaml',
        );
        const files = await filesOf(path.join(folder, 'deploy/base'));
        expect(files).toEqual(
          expect.arrayContaining(['kustomization.yaml', ...resources]),
        );
      });
    } else {
      it('runs nowhere', async () => {
        expect(await filesOf(folder)).not.toContain('portico.yaml');
      });
    }

    if (variants.length > 0) {
      it('installs, builds and passes its tests, with each example', async () => {
        let first: string | undefined;
        for (const [index, variant] of variants.entries()) {
          const name = `${template}-${index}`;
          const result = await bench.run(template, {
            ...answers,
            ...variant,
            name,
          });
          const target = result.repository(name);
          if (first === undefined) {
            await npm(
              target,
              'ci',
              '--prefer-offline',
              '--no-audit',
              '--no-fund',
              '--ignore-scripts',
            );
            first = target;
          } else {
            await symlink(
              path.join(first, 'node_modules'),
              path.join(target, 'node_modules'),
            ).catch(() => {});
          }
          expect(await npm(target, 'test')).toMatch(/fail 0/);
          await npm(target, 'run', 'build');
        }
      }, 300_000);
    }

    if (runs && variants.length > 0) {
      it('starts, is healthy, and ends when it is told to', async () => {
        const target = made.repository(`${template}-0`);
        const { scripts } = JSON.parse(
          await readFile(path.join(target, 'package.json'), 'utf8'),
        );
        const statuses: number[] = [];
        await withProgram(
          target,
          scripts.start.split(' ').at(-1),
          async address => {
            for (const at of ['/healthz', '/readyz', '/metrics']) {
              statuses.push((await fetch(address + at)).status);
            }
          },
        );
        expect(statuses).toEqual([200, 200, 200]);
      });
    }
  },
);

/** Names of the pages of its own documentation that entities link to. */
function entityLinkPages(
  entities: Array<{ metadata: { links?: Array<{ url: string }> } }>,
): string[] {
  return entities
    .flatMap(({ metadata }) => metadata.links ?? [])
    .flatMap(({ url }) => /\/docs\/aurora\/\w+\/sample\/(\w+)$/.exec(url) ?? [])
    .filter(part => !part.includes('/'));
}
