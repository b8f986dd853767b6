/* eslint-disable no-script-url -- refused input */
/* eslint jest/expect-expect: ["warn", { "assertFunctionNames": ["expect", "check"] }] */
import { InputError, NotFoundError } from '@backstage/errors';
import fc from 'fast-check';
import { type CatalogSourceAddress } from './CatalogSourceAddress';
import { readSource, type ReadSource } from './readSource';

// Thousands of made-up files take their time on a busy machine.
jest.setTimeout(120_000);

const address: CatalogSourceAddress = {
  tenant: 'aurora',
  source: 'checkout',
  rootUrl: 'http://portal/api/git-host/aurora/checkout/src/branch/main/',
};

async function read(
  content: string | Record<string, string | Buffer>,
  at: Partial<CatalogSourceAddress> = {},
): Promise<ReadSource> {
  const files =
    typeof content === 'string' ? { 'catalog-info.yaml': content } : content;
  return readSource({
    address: { ...address, ...at },
    file: 'catalog-info.yaml',
    files: {
      async read(path) {
        if (!Object.hasOwn(files, path)) {
          throw new NotFoundError(path);
        }
        return Buffer.from(files[path]);
      },
    },
  });
}

function component(name: string, more = ''): string {
  return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
spec:
  type: service
  lifecycle: production
  owner: team
${more}`;
}

const GOOD = component('good');

describe('what an entity gets from its source', () => {
  it('writes tenant, origin and place over what the file says', async () => {
    const { entities, refusals } = await read({
      'catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Location
spec:
  targets: [./services/info.yaml]
`,
      'services/info.yaml': `
# the one service
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout
  uid: 00000000-0000-0000-0000-000000000000
  etag: forged
  annotations:
    backstage.io/managed-by-location: url:http://portal/api/git-host/borealis/priv/src/branch/main/x.yaml
    backstage.io/managed-by-origin-location: portico:borealis/priv
    backstage.io/view-url: https://elsewhere.example/
    backstage.io/edit-url: https://elsewhere.example/
    backstage.io/source-location: url:https://elsewhere.example/
    backstage.io/orphan: 'true'
    example.org/kept: yes please
spec:
  type: service
  lifecycle: production
  owner: team
  system: user:aurora/kim
  dependsOn: [component:Other, resource:aurora/db]
  providesApis: [orders]
`,
    });
    expect(refusals).toEqual([]);
    expect(entities).toEqual([
      {
        file: 'services/info.yaml',
        line: 3,
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: {
            name: 'checkout',
            namespace: 'aurora',
            annotations: {
              'backstage.io/managed-by-location':
                'url:http://portal/api/git-host/aurora/checkout/src/branch/main/services/info.yaml',
              'backstage.io/managed-by-origin-location':
                'portico:aurora/checkout',
              'backstage.io/view-url':
                'http://portal/api/git-host/aurora/checkout/src/branch/main/services/info.yaml',
              'backstage.io/edit-url':
                'http://portal/api/git-host/aurora/checkout/src/branch/main/services/info.yaml',
              'backstage.io/source-location':
                'url:http://portal/api/git-host/aurora/checkout/src/branch/main/services/',
              'example.org/kept': 'yes please',
            },
          },
          spec: {
            type: 'service',
            lifecycle: 'production',
            owner: 'group:aurora/team',
            system: 'user:aurora/kim',
            dependsOn: ['component:aurora/other', 'resource:aurora/db'],
            providesApis: ['api:aurora/orders'],
          },
        },
      },
    ]);
  });

  it('accepts every kind of a source, and a template of the platform', async () => {
    const { entities, refusals } = await read(
      `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: service }
spec:
  type: service
  owner: group:default/platform
  parameters:
    - properties: { name: { $ref: '#/$defs/name' } }
  steps:
    - id: fetch
      action: portico:fetch:template
      input: { url: ./skeleton }
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: orders }
spec: { type: openapi, lifecycle: production, owner: team, definition: 'openapi: 3.1.0' }
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: shop }
spec: { owner: team, domain: sales }
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: { name: sales }
spec: { owner: team, subdomainOf: business }
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: db }
spec: { type: database, owner: team, dependencyOf: ['component:checkout'] }
`,
      { tenant: 'default' },
    );
    expect(refusals).toEqual([]);
    expect(entities.map(({ entity }) => entity.kind)).toEqual([
      'Template',
      'API',
      'System',
      'Domain',
      'Resource',
    ]);
    expect(entities[3].entity.spec).toMatchObject({
      subdomainOf: 'domain:default/business',
    });
  });
});

describe('what is refused, with its line, beside a good neighbour', () => {
  const withMetadata = (lines: string) =>
    component('bad').replace('metadata:\n', `metadata:\n${lines}`);

  it.each<[what: string, document: string, line: number, reason: RegExp]>([
    ['a broken document', 'kind: [Component', 1, /not valid YAML/],
    ['a list', '- a', 1, /no map/],
    [
      'a foreign namespace',
      withMetadata('  namespace: borealis\n'),
      4,
      /namespace "borealis" is not this source's/,
    ],
    [
      'the platform namespace',
      withMetadata('  namespace: default\n'),
      4,
      /expected none, or "aurora"/,
    ],
    ['a name that is no text', GOOD.replace('good', '42'), 4, /must be a text/],
    [
      'a name with marks',
      GOOD.replace('good', '../x'),
      4,
      /"metadata.name" is not valid/,
    ],
    [
      'a key twice',
      component('bad', '  type: website\n'),
      9,
      /the key "type" twice/,
    ],
    [
      'a person',
      `kind: User\napiVersion: backstage.io/v1alpha1\nmetadata: { name: kim }\nspec: { memberOf: [] }`,
      1,
      /people and groups come from the tenant's directory/,
    ],
    [
      'a group',
      `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: team }\nspec: { type: team, children: [] }`,
      2,
      /people and groups/,
    ],
    ['another kind', GOOD.replace('Component', 'Pod'), 2, /kind "Pod"/],
    [
      'another version',
      GOOD.replace('v1alpha1', 'v9'),
      1,
      /apiVersion "backstage.io\/v9" is not known/,
    ],
    [
      'a missing field',
      GOOD.replace('  lifecycle: production\n', ''),
      5,
      /must have required property 'lifecycle'/,
    ],
    [
      'a field of the catalog',
      component('bad', 'relations: []\n'),
      9,
      /Unknown field relations/,
    ],
    [
      'a bad tag',
      withMetadata('  tags:\n    - fine\n    - Not Fine\n'),
      6,
      /"tags.1" is not valid/,
    ],
    [
      'an owner elsewhere',
      GOOD.replace('team', 'group:borealis/team'),
      8,
      /"group:borealis\/team" leads into another namespace/,
    ],
    [
      'an owner of the platform',
      GOOD.replace('team', 'default/team'),
      8,
      /expected an entity of "aurora"/,
    ],
    [
      'a dependency elsewhere',
      component(
        'bad',
        '  dependsOn:\n    - component:good\n    - Component:Borealis/priv\n',
      ),
      11,
      /leads into another namespace/,
    ],
    [
      'a dependency without kind',
      component('bad', '  dependsOn: [good]\n'),
      9,
      /expected a kind and a name/,
    ],
    [
      'a foreign ref in any other field',
      component('bad', '  notes:\n    see: [system:borealis/shop]\n'),
      10,
      /leads into another namespace/,
    ],
    [
      'documents of a foreign entity',
      withMetadata(
        '  annotations:\n    backstage.io/techdocs-entity: component:borealis/priv\n',
      ),
      5,
      /leads into another namespace/,
    ],
    ...[
      'dir:../../../../../borealis/priv/src/branch/main/',
      'dir:..',
      'dir:/docs',
      'dir:%2e%2e/%2e%2e',
      'dir:.\\..\\..',
      'url:http://portal/api/git-host/borealis/priv/src/branch/main/',
      'url:http://portal/api/git-host/aurora/checkout/src/branch/main/../../../../../borealis/priv',
      'url:http://portal/api/git-host/aurora/checkout/src/branch/main/%2e%2e/%2e%2e/x',
      'url:http://portal/api/git-host/aurora/checkout/src/branch/mainly/',
      'url:file:///etc',
      'gs:bucket',
    ].map((reference): [string, string, number, RegExp] => [
      `documents at ${reference}`,
      withMetadata(
        `  annotations:\n    backstage.io/techdocs-ref: '${reference}'\n`,
      ),
      5,
      /leads out of the source|is no place of documents/,
    ]),
    ...['javascript:alert(1)', 'data:text/html,x', '/relative', 'ftp://x'].map(
      (url): [string, string, number, RegExp] => [
        `a link to ${url}`,
        withMetadata(`  links:\n    - title: x\n      url: '${url}'\n`),
        6,
        /is no link|"links.0.url" is not valid/,
      ],
    ),
    [
      'a script in an annotation',
      withMetadata(
        '  annotations:\n    example.org/dashboard: " java\\tscript:alert(1)"\n',
      ),
      5,
      /is no link/,
    ],
    [
      'a placeholder that nobody follows',
      component('bad', '  notes: { $openapi: ./x.yaml }\n'),
      9,
      /the placeholder "\$openapi" is not followed/,
    ],
    ...['../../../borealis/x', '/x', 'http://portal/x', '..', 'a*', ''].map(
      (target): [string, string, number, RegExp] => [
        `a placeholder to ${JSON.stringify(target)}`,
        component('bad', `  notes:\n    $text: ${JSON.stringify(target)}\n`),
        10,
        /expected a relative path to a file of the same source/,
      ],
    ),
    [
      'a placeholder to nothing',
      component('bad', '  notes: { $json: ./absent.json }\n'),
      9,
      /absent.json does not exist/,
    ],
    [
      'a template that fetches elsewhere',
      `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: evil }
spec:
  type: service
  steps:
    - action: portico:fetch:template
      input:
        url: ../../../../../borealis/priv/src/branch/main/
`,
      9,
      /leads out of the source/,
    ],
    [
      'a location elsewhere',
      `apiVersion: backstage.io/v1alpha1\nkind: Location\nspec:\n  targets:\n    - http://portal/x.yaml\n`,
      5,
      /is not followed/,
    ],
    [
      'a location of nothing',
      `apiVersion: backstage.io/v1alpha1\nkind: Location\nspec:\n  target: ./absent.yaml\n`,
      4,
      /absent.yaml does not exist/,
    ],
    [
      'many aliases',
      component(
        'bad',
        `  a: &a [x, x]\n  b: [${Array(30).fill('*a').join(', ')}]\n`,
      ),
      1,
      /alias/i,
    ],
    [
      'deep nesting',
      component('bad', `  deep: ${'['.repeat(50)}${']'.repeat(50)}\n`),
      9,
      /nested deeper than 40/,
    ],
    [
      'more parts than are parsed in an instant',
      component('bad', `  many: [${'1,'.repeat(30_000)}1]\n`),
      // the marker before it: nothing of it is parsed
      0,
      /more than 25000 lines, keys and values/,
    ],
  ])('%s', async (_, document, line, reason) => {
    const before = `${component('first')}---\n`;
    const offset = before.split('\n').length - 1;
    const { entities, refusals } = await read(
      `${before}${document}${document.endsWith('\n') ? '' : '\n'}---\n${GOOD}`,
    );
    expect(refusals).toEqual([
      expect.objectContaining({
        file: 'catalog-info.yaml',
        reason: expect.stringMatching(reason),
      }),
    ]);
    expect(refusals[0].line).toBe(line + offset);
    expect(entities.map(({ entity }) => entity.metadata.name)).toEqual([
      'first',
      'good',
    ]);
  });

  it('takes no YAML directive, whose merge keys would multiply', async () => {
    const { entities, refusals } = await read(
      `${GOOD}...\n# old\n%YAML 1.1\n---\n${component('bad')}`,
    );
    expect(entities).toHaveLength(2);
    expect(refusals).toEqual([
      {
        file: 'catalog-info.yaml',
        line: 10,
        reason: expect.stringContaining('has a YAML directive'),
      },
    ]);
  });

  it('names the entity where its ref can be told', async () => {
    const { refusals } = await read(
      `${GOOD.replace('owner: team', 'owner: [x]')}---
${component('x').replace('metadata:', 'metadata:\n  namespace: borealis')}`,
    );
    expect(refusals.map(({ entityRef }) => entityRef)).toEqual([
      'component:aurora/good',
      undefined,
    ]);
  });

  it('keeps the first of two documents with one ref', async () => {
    const { entities, refusals } = await read(
      `${GOOD}---\n${component('Good')}`,
    );
    expect(entities).toHaveLength(1);
    expect(refusals).toEqual([
      {
        file: 'catalog-info.yaml',
        line: 10,
        entityRef: 'component:aurora/good',
        reason: expect.stringContaining(
          'declared already in catalog-info.yaml, line 1',
        ),
      },
    ]);
  });

  it('skips documents without content', async () => {
    await expect(
      read(`---\n# nothing\n---\n${GOOD}\n---\n...\n`),
    ).resolves.toEqual({ entities: [expect.anything()], refusals: [] });
    await expect(read('')).resolves.toEqual({ entities: [], refusals: [] });
  });
});

describe('files of a source', () => {
  const location = (target: string, more = '') =>
    `apiVersion: backstage.io/v1alpha1\nkind: Location\nspec:\n  target: ${target}\n${more}`;

  it('embeds files of the same source', async () => {
    const { entities, refusals } = await read({
      'catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: orders }
spec:
  type: openapi
  lifecycle: production
  owner: team
  definition: { $text: ./api/openapi.yaml }
  limits: { $json: api/limits.json }
  tiers: { $yaml: ./api/../tiers.yaml }
`,
      'api/openapi.yaml': 'openapi: 3.1.0\n',
      'api/limits.json': '{"rate":5,"schema":{"$ref":"#/x"}}',
      'tiers.yaml': 'gold: 1\n',
    });
    expect(refusals).toEqual([]);
    expect(entities[0].entity.spec).toMatchObject({
      definition: 'openapi: 3.1.0\n',
      limits: { rate: 5, schema: { $ref: '#/x' } },
      tiers: { gold: 1 },
    });
  });

  it.each([
    ['a placeholder', '{"a":{"$text":"./secret"}}', /placeholder "\$text"/],
    ['nothing valid', '{', /not valid JSON/],
    ['a foreign ref', '"group:borealis/team"', /another namespace/],
    ['too much', JSON.stringify('x'.repeat(1_100_000)), /at most 1048576/],
    ['no text', Buffer.from([0xff, 0xfe, 0x00]), /no UTF-8/],
  ])('refuses an embedded file with %s', async (_, content, reason) => {
    const { entities, refusals } = await read({
      'catalog-info.yaml': component('bad', '  notes: { $json: ./x.json }\n'),
      'x.json': content,
    });
    expect(entities).toEqual([]);
    expect(refusals).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(reason) }),
    ]);
  });

  it('follows a cycle of locations once, and takes its neighbours', async () => {
    const { entities, refusals } = await read({
      'catalog-info.yaml': `${location('./a/b.yaml')}---\n${GOOD}`,
      'a/b.yaml': `${location('../catalog-info.yaml')}---\n${component(
        'inner',
      )}`,
    });
    expect(refusals).toEqual([]);
    expect(entities.map(({ file }) => file)).toEqual([
      'catalog-info.yaml',
      'a/b.yaml',
    ]);
  });

  it('stops following a long chain', async () => {
    const files: Record<string, string> = {
      'catalog-info.yaml': location('./1.yaml'),
    };
    for (let index = 1; index < 20; index++) {
      files[`${index}.yaml`] = location(`./${index + 1}.yaml`);
    }
    const { refusals } = await read(files);
    expect(refusals).toEqual([
      {
        file: '5.yaml',
        line: 4,
        reason: expect.stringContaining('more than 5 times'),
      },
    ]);
  });

  it('lets an optional location be absent', async () => {
    await expect(
      read(
        `${location('./absent.yaml', '  presence: optional\n')}---\n${GOOD}`,
      ),
    ).resolves.toMatchObject({ refusals: [], entities: [{ line: 7 }] });
  });

  it('reports a missing, oversized or many-documented catalog file', async () => {
    await expect(read({})).resolves.toEqual({
      entities: [],
      refusals: [
        {
          file: 'catalog-info.yaml',
          line: undefined,
          reason: 'catalog-info.yaml does not exist in the source',
        },
      ],
    });
    const large = await read(`# ${'x'.repeat(600_000)}`);
    expect(large.refusals[0].reason).toContain('at most 524288');
    const many = await read('---\n'.repeat(3000));
    expect(many.refusals[0].reason).toContain('more than 2000 documents');
  });

  it('takes no more than a source may bring in all', async () => {
    const { entities, refusals } = await read({
      'catalog-info.yaml': Array.from({ length: 20 }, (_, index) =>
        component(`large-${index}`, '  notes: { $text: ./large.txt }\n'),
      ).join('---\n'),
      'large.txt': 'x'.repeat(1_000_000),
    });
    expect(entities).toHaveLength(16);
    expect(refusals).toHaveLength(4);
    expect(refusals[0].reason).toContain('16777216 bytes in all');
  });

  it.each(['[', '{', '[,', '"', '*a ', '- ', '? ', 'a: ', ': ', '&a '])(
    'gets through a file full of %j',
    async text => {
      const { entities, refusals } = await read(
        text.repeat(Math.floor(100_000 / text.length)),
      );
      expect(entities).toEqual([]);
      expect(refusals.length).toBeGreaterThan(0);
    },
  );

  it('tells a source that cannot be read from a file that may not be', async () => {
    const failing = (error: Error) =>
      readSource({
        address,
        file: 'catalog-info.yaml',
        files: { read: async () => Promise.reject(error) },
      });
    await expect(failing(new Error('connection lost'))).rejects.toThrow(
      'connection lost',
    );
    await expect(
      failing(new InputError('it is a symbolic link')),
    ).resolves.toMatchObject({
      refusals: [{ reason: expect.stringContaining('symbolic link') }],
    });
  });
});

describe('any input', () => {
  const tenants = fc.constantFrom('aurora', 'borealis', 'default', 'x');
  const text = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      'good',
      'component:borealis/x',
      'borealis/x',
      'javascript:alert(1)',
      'dir:../..',
      './x.yaml',
      '__proto__',
      '${{ x }}',
      '*a',
      '&a',
      '!!binary x',
    ),
  );
  const json = fc.jsonValue({ maxDepth: 3 });
  const document = fc
    .record(
      {
        apiVersion: fc.constantFrom(
          'backstage.io/v1alpha1',
          'scaffolder.backstage.io/v1beta3',
        ),
        kind: fc.constantFrom(
          'Component',
          'API',
          'System',
          'Domain',
          'Resource',
          'Template',
          'Location',
          'User',
          'Group',
        ),
        metadata: fc.record(
          {
            name: text,
            namespace: tenants,
            annotations: fc.dictionary(
              fc.constantFrom(
                'backstage.io/managed-by-origin-location',
                'backstage.io/managed-by-location',
                'backstage.io/view-url',
                'backstage.io/techdocs-ref',
                'backstage.io/techdocs-entity',
                'a/b',
              ),
              fc.oneof(text, json),
            ),
            links: fc.array(fc.record({ url: text })),
          },
          { requiredKeys: ['name'] },
        ),
        spec: fc.record(
          {
            type: text,
            lifecycle: text,
            owner: text,
            system: text,
            definition: fc.oneof(text, fc.record({ $text: text })),
            dependsOn: fc.array(text),
            steps: fc.array(
              fc.record({ action: text, input: fc.record({ url: text }) }),
            ),
            targets: fc.array(text),
          },
          { requiredKeys: ['type', 'lifecycle', 'owner'] },
        ),
        relations: json,
      },
      { requiredKeys: ['apiVersion', 'kind', 'metadata', 'spec'] },
    )
    .map(value => JSON.stringify(value));

  async function check(content: string) {
    const { entities, refusals } = await read({
      'catalog-info.yaml': content,
      'x.yaml': content,
    });
    const refs = new Set<string>();
    for (const { entity, line } of entities) {
      expect(entity.metadata.namespace).toBe('aurora');
      expect(
        entity.metadata.annotations?.[
          'backstage.io/managed-by-origin-location'
        ],
      ).toBe('portico:aurora/checkout');
      expect(['User', 'Group', 'Location']).not.toContain(entity.kind);
      expect(JSON.stringify(entity)).not.toMatch(
        /"(?:[a-z]+:)?borealis\/|"javascript:/,
      );
      expect(Object.keys(entity).sort()).toEqual([
        'apiVersion',
        'kind',
        'metadata',
        'spec',
      ]);
      expect(line).toBeLessThanOrEqual(content.split('\n').length);
      refs.add(`${entity.kind}:${entity.metadata.name}`.toLowerCase());
    }
    expect(refs.size).toBe(entities.length);
    const lines = content.split('\n').length;
    for (const refusal of refusals) {
      expect(refusal.reason).not.toBe('');
      expect(refusal.line ?? 1).toBeLessThanOrEqual(lines);
    }
    return entities;
  }

  it('never throws, and never yields anything of another tenant', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc
            .array(fc.oneof(text, fc.constantFrom('\n', ': ', '- ', '---\n')))
            .map(parts => parts.join('')),
          fc
            .array(document, { maxLength: 4 })
            .map(parts => parts.join('\n---\n')),
        ),
        async content => {
          await check(content);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('lets the good neighbours of any document arrive at their lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            document,
            fc.constantFrom('a: [', '"', "'x", '{', 'a: *b', '- x', 'x: |\n y'),
          ),
          { maxLength: 4 },
        ),
        async neighbours => {
          const parts = [component('alpha'), ...neighbours.map(n => `${n}\n`)];
          const content = `${parts.join('---\n')}---\n${component('omega')}`;
          const entities = await check(content);
          const lineOf = (name: string) =>
            content.split('\n').findIndex(l => l === `  name: ${name}`) - 2;
          for (const name of ['alpha', 'omega']) {
            expect(
              entities.find(({ entity }) => entity.metadata.name === name)
                ?.line,
            ).toBe(lineOf(name));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
