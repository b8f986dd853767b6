import { execFile } from 'node:child_process';
import { readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  filesOf,
  npm,
  readEntities,
  readYaml,
  withProgram,
} from './__testUtils__/madeRepository';
import { TemplateBench, type TemplateRun } from './TemplateBench';

// Each run of a template takes a second or so; on a busy machine it takes many.
jest.setTimeout(60_000);

const run = promisify(execFile);

const TEMPLATE = 'typescript-service';
const answers = {
  name: 'checkout',
  description: 'Takes orders from the shop.',
  owner: 'group:aurora/shop',
  size: 'S',
  exposure: 'internal',
  example: 'orders',
};

let bench: TemplateBench;
let orders: TemplateRun;

beforeAll(async () => {
  bench = await TemplateBench.create(TEMPLATE);
  orders = await bench.run(TEMPLATE, answers);
});

afterAll(async () => {
  await bench?.close();
});

describe('the template', () => {
  it('links to the repository, the entity and the deployments', () => {
    expect(orders.output).toMatchObject({
      links: [
        { entityRef: 'component:aurora/checkout' },
        { url: 'http://localhost:7007/git/aurora/checkout' },
        { url: 'http://localhost:7007/git/aurora/deployments' },
      ],
    });
  });

  it.each([
    ['an upper-case name', { name: 'Checkout' }],
    ['a name with a path', { name: '../checkout' }],
    ['two hyphens', { name: 'check--out' }],
    ['a name that begins with a digit', { name: '1st' }],
    ['a long name', { name: 'a'.repeat(41) }],
    ['no name', { name: undefined }],
    ['a description of two lines', { description: 'one\ntwo' }],
    ['an empty description', { description: '' }],
    ['a person as owner', { owner: 'user:aurora/kim' }],
    ['the platform as owner', { owner: 'group:default/platform' }],
    ['a size that is not offered', { size: 'huge' }],
    ['an exposure that is not offered', { exposure: 'everyone' }],
    ['an example that is not offered', { example: 'passwords' }],
  ])('refuses %s', async (_, change) => {
    await expect(
      bench.run(TEMPLATE, { ...answers, ...change }),
    ).rejects.toThrow(Object.keys(change)[0]);
  });
});

describe('the repository', () => {
  it('holds a component and its API', async () => {
    const folder = orders.repository('checkout');
    const [component, api, ...rest] = await readEntities(folder);
    expect(rest).toEqual([]);
    expect(component).toMatchObject({
      metadata: {
        name: 'checkout',
        description: answers.description,
        annotations: { 'backstage.io/techdocs-ref': 'dir:.' },
      },
      spec: { owner: 'group:aurora/shop', providesApis: ['checkout-api'] },
    });
    expect(api.spec?.definition).toEqual({ $text: './openapi.yaml' });
  });

  it('describes its API without a reference that leads nowhere', async () => {
    const file = path.join(orders.repository('checkout'), 'openapi.yaml');
    const description = await readYaml(file);
    const references =
      JSON.stringify(description).matchAll(/"\$ref":"#\/([^"]+)"/g);
    for (const [, pointer] of references) {
      const target = pointer
        .split('/')
        .reduce((value, key) => value?.[key], description);
      expect(`${pointer}: ${typeof target}`).toBe(`${pointer}: object`);
    }
  });

  it('has a portico.yaml that its own schema accepts, and whose bounds hold', async () => {
    const folder = orders.repository('checkout');
    const schema = JSON.parse(
      await readFile(path.join(folder, 'schema/portico.schema.json'), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true }).compile(schema);
    const declared = await readYaml(path.join(folder, 'portico.yaml'));
    validate(declared);
    expect(validate.errors).toBeNull();
    const { spec } = declared;
    for (const change of [
      { resources: { size: 'enormous' } },
      { replicas: { dev: 1, staging: 1, prod: 1000 } },
      { port: 80 },
      { dependencies: ['component:borealis/payments'] },
      { command: 'rm' },
    ]) {
      expect(validate({ ...declared, spec: { ...spec, ...change } })).toBe(
        false,
      );
    }
  });
});

describe.each([
  ['S', 'internal', { cpu: '50m', memory: '128Mi' }],
  ['M', 'public', { cpu: '250m', memory: '256Mi' }],
  ['L', 'internal', { cpu: '1000m', memory: '1Gi' }],
])('a service of size %s, %s, on Kubernetes', (size, exposure, requests) => {
  const name = `size-${size.toLowerCase()}`;
  let templateRun: TemplateRun;
  beforeAll(async () => {
    templateRun = await bench.run(TEMPLATE, {
      ...answers,
      name,
      size,
      exposure,
    });
  });

  it('has a base whose files are all there and all used', async () => {
    const base = path.join(templateRun.repository(name), 'deploy/base');
    const { resources } = await readYaml(path.join(base, 'kustomization.yaml'));
    expect([...resources, 'kustomization.yaml'].sort()).toEqual(
      await filesOf(base),
    );
    expect(resources.includes('ingress.yaml')).toBe(exposure === 'public');
  });

  it('is bounded, probed and restricted', async () => {
    const deployment = await readYaml(
      path.join(templateRun.repository(name), 'deploy/base/deployment.yaml'),
    );
    const pod = deployment.spec.template.spec;
    const [container] = pod.containers;
    expect(container.resources.requests).toEqual(requests);
    expect(container.resources.limits.memory).toBe(requests.memory);
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
    // The four demands of the "restricted" Pod Security standard.
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('runs nowhere yet, in three environments on one commit of the base', async () => {
    const overlays = path.join(
      templateRun.repository('deployments'),
      name,
      'overlays',
    );
    expect((await readdir(overlays)).sort()).toEqual([
      'dev',
      'prod',
      'staging',
    ]);
    for (const environment of ['dev', 'staging', 'prod']) {
      const overlay = await readYaml(
        path.join(overlays, environment, 'kustomization.yaml'),
      );
      expect(overlay).toMatchObject({
        resources: [
          `http://localhost:7007/api/git-host/aurora/${name}.git//deploy/base?ref=0123456789abcdef0123456789abcdef01234567`,
        ],
        images: [],
        replicas: [{ name, count: 0 }],
      });
      const patched = (overlay.patches ?? []).map(
        ({ patch }: { patch: string }) => parse(patch)[0].value,
      );
      expect(patched).toEqual(
        exposure === 'public'
          ? [`${name}.${environment}.apps.example.com`]
          : [],
      );
    }
  });
});

describe('whatever the description says', () => {
  const accepted = () => {
    const [page] = bench.template(TEMPLATE).spec?.parameters as Array<{
      properties: { description: { pattern: string } };
    }>;
    return new RegExp(page.properties.description.pattern, 'u');
  };
  const nasty = fc.oneof(
    fc.constantFrom(
      'say "no": # not a comment',
      "it's {{ not }} ${{ values.owner }} {% if true %}",
      '- a\\nlist: [x]',
      '!!js/function & *anchor | >',
      '</script><img src=x onerror=alert(1)>',
      'Überraschung für Zoë — 日本語 🎉',
      'null',
      '1e3',
      '%YAML 1.1',
      '   spaces   ',
      '$(touch /tmp/x) `id` \\u0000',
    ),
    fc
      .string({ unit: 'grapheme', minLength: 3, maxLength: 40 })
      // What the form itself refuses is tested above.
      .filter(text => accepted().test(text)),
  );

  it('arrives unchanged in every YAML and JSON file', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(nasty, async description => {
        count += 1;
        const name = `nasty-${count}`;
        const result = await bench.run(TEMPLATE, {
          ...answers,
          name,
          description,
        });
        const folder = result.repository(name);
        const [component] = await readEntities(folder);
        expect(component.metadata.description).toBe(description);
        const openapi = await readYaml(path.join(folder, 'openapi.yaml'));
        expect(openapi.info.description).toBe(description);
        const mkdocs = await readYaml(path.join(folder, 'mkdocs.yml'));
        expect(mkdocs.site_description).toBe(description);
        const packageJson = JSON.parse(
          await readFile(path.join(folder, 'package.json'), 'utf8'),
        );
        expect(packageJson.description).toBe(description);
      }),
      { numRuns: 20 },
    );
  }, 180_000);
});

describe('the code', () => {
  it('installs, builds and passes its tests, with each example', async () => {
    const first = orders.repository('checkout');
    await npm(first, 'ci', '--prefer-offline', '--no-audit', '--no-fund');
    expect(await npm(first, 'test')).toMatch(/fail 0/);
    for (const example of [
      'bookings',
      'articles',
      'payments',
      'parcels',
      'ratings',
    ]) {
      const result = await bench.run(TEMPLATE, {
        ...answers,
        name: example,
        example,
      });
      const folder = result.repository(example);
      await symlink(
        path.join(first, 'node_modules'),
        path.join(folder, 'node_modules'),
      );
      expect(await npm(folder, 'test')).toMatch(/fail 0/);
    }
  }, 300_000);

  it('runs, answers, and ends when it is told to', async () => {
    const folder = orders.repository('checkout');
    await withProgram(folder, 'dist/src/main.js', async address => {
      const health = await fetch(`${address}/healthz`);
      expect(await health.json()).toEqual({ status: 'ok' });
      const metrics = await fetch(`${address}/metrics`);
      expect(await metrics.text()).toMatch(
        /http_requests_total\{method="GET",route="\/healthz",status="200",service="checkout"\} 1/,
      );
    });
  });

  it('names every problem of its environment and does not start', async () => {
    const service = run(process.execPath, ['dist/src/main.js'], {
      cwd: orders.repository('checkout'),
      env: { PORT: 'eighty', LOG_LEVEL: 'loud' },
    });
    await expect(service).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/PORT.*LOG_LEVEL|LOG_LEVEL.*PORT/),
    });
  });
});
