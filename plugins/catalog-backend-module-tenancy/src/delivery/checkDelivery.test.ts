import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { readSource } from '../reading/readSource';

const platformEnvironments: Entity[] = [
  environment('dev', 100, 'development', false),
  environment('staging', 200, 'test', false),
  environment('prod', 300, 'production', true),
];

function environment(
  name: string,
  order: number,
  tier: string,
  isProtected: boolean,
): Entity {
  return {
    apiVersion: 'portico/v1',
    kind: 'Environment',
    metadata: { name, namespace: 'default' },
    spec: {
      owner: 'group:default/platform',
      order,
      tier,
      protected: isProtected,
      delivery: { driver: 'local' },
    },
  };
}

async function read(
  text: string,
  options: { tenant?: string; environments?: Entity[] } = {},
) {
  return readSource({
    address: {
      tenant: options.tenant ?? 'aurora',
      source: 'delivery',
      rootUrl: 'http://portal/api/git-host/aurora/delivery/src/branch/main/',
    },
    file: 'catalog-info.yaml',
    files: {
      async read(file) {
        if (file !== 'catalog-info.yaml') {
          throw new NotFoundError(file);
        }
        return Buffer.from(text);
      },
    },
    environments: async () => options.environments ?? platformEnvironments,
  });
}

/** A pipeline; the first of the stages begins on line 7. */
function pipeline(stages: string, more = ''): string {
  return `apiVersion: portico/v1
kind: Pipeline
metadata:
  name: default
spec:
  owner: retail${more}
  stages:
${stages
  .trim()
  .split('\n')
  .map(line => `    ${line}\n`)
  .join('')}`;
}

function own(fields: string): string {
  return `apiVersion: portico/v1
kind: Environment
metadata:
  name: prod
spec:
  owner: retail
  order: 300
${fields}`;
}

describe('environments and pipelines of a tenant', () => {
  it('are taken with their own namespace and owner', async () => {
    const { entities, refusals } = await read(`${own(`  tier: production
  protected: true
  delivery: { driver: git, repository: { name: deployments } }
`)}---
${pipeline(`
- environment: staging
  automatic: true
- environment: prod
  expiresAfter: P2D
  gates:
    - name: approval
      kind: approval
      rules:
        - { name: owners, from: [group:aurora/checkout], required: 1 }
`)}`);
    expect(refusals).toEqual([]);
    expect(entities.map(({ entity }) => entity)).toEqual([
      expect.objectContaining({
        kind: 'Environment',
        metadata: expect.objectContaining({
          namespace: 'aurora',
          name: 'prod',
        }),
        spec: expect.objectContaining({ owner: 'group:aurora/retail' }),
      }),
      expect.objectContaining({ kind: 'Pipeline' }),
    ]);
  });

  it.each<[string, string, number, string]>([
    [
      'an unknown field',
      pipeline('- environment: dev\n  automtic: true'),
      9,
      'spec.stages.0 has the field "automtic", which is not known there',
    ],
    [
      'a field of the spec that there is not',
      pipeline('- environment: dev', '\n  approvers: []'),
      7,
      'spec has the field "approvers"',
    ],
    [
      'an unknown environment',
      pipeline('- environment: dev\n- environment: produktion'),
      9,
      'spec.stages.1.environment: there is no environment "produktion"; expected one of dev, prod, staging',
    ],
    [
      'two stages of one environment',
      pipeline(
        '- environment: dev\n- environment: staging\n- environment: dev',
      ),
      10,
      'spec.stages.2.environment: there is a stage of the environment "dev" already',
    ],
    [
      'an automatic stage of a protected environment',
      pipeline('- environment: prod\n  automatic: true'),
      9,
      'spec.stages.0.automatic: "prod" is protected, so nothing is promoted there by itself; expected false',
    ],
    [
      'a duration that is none',
      pipeline('- environment: dev\n  expiresAfter: 7 days'),
      9,
      'spec.stages.0.expiresAfter: must be a length of time such as PT30M',
    ],
    [
      'a gate without a kind',
      pipeline('- environment: dev\n  gates:\n    - name: approval'),
      10,
      'spec.stages.0.gates.0.kind',
    ],
    [
      'two gates of one name',
      pipeline(
        '- environment: dev\n  gates:\n    - { name: freeze, kind: freeze }\n    - { name: freeze, kind: soak }',
      ),
      11,
      'spec.stages.0.gates.1.name: there is a gate "freeze" in this list already',
    ],
    ['no stage', pipeline('[]').replace('    []', '    []'), 7, 'spec.stages'],
    [
      'another version',
      pipeline('- environment: dev').replace('portico/v1', 'portico/v2'),
      1,
      'apiVersion "portico/v2" is not known for kind Pipeline; expected "portico/v1"',
    ],
    [
      'a name that cannot be an environment',
      own('  tier: production\n').replace('prod', 'Prod'),
      4,
      'metadata.name of kind Environment must be 1 to 40 lower-case letters',
    ],
    [
      'an environment that is less protected',
      own(
        '  tier: production\n  protected: false\n  delivery: { driver: git }\n',
      ),
      9,
      'spec.protected: the platform protects "prod", so it stays protected; expected true',
    ],
    [
      'an environment of a lower tier',
      own('  tier: test\n  protected: true\n  delivery: { driver: git }\n'),
      8,
      'spec.tier: "prod" has the tier production on the platform; expected production',
    ],
    [
      'a driver that there is not',
      own(
        '  tier: production\n  protected: true\n  delivery:\n    driver: ftp\n',
      ),
      11,
      'spec.delivery.driver',
    ],
    [
      'a group of another tenant that approves',
      pipeline(
        '- environment: dev\n  gates:\n    - name: approval\n      kind: approval\n      rules: [{ name: a, from: [group:borealis/x], required: 1 }]',
      ),
      12,
      'leads into another namespace',
    ],
  ])('are refused with file and line: %s', async (_, text, line, reason) => {
    const { entities, refusals } = await read(text);
    expect(entities).toEqual([]);
    expect(refusals).toEqual([
      {
        file: 'catalog-info.yaml',
        line,
        entityRef: expect.any(String),
        reason: expect.stringContaining(reason),
      },
    ]);
  });

  it('see the environments of their own file, and what is wrong there holds back nothing else', async () => {
    const edge = own(
      '  tier: production\n  protected: true\n  delivery: { driver: git }\n',
    ).replace('prod', 'edge');
    const { entities, refusals } = await read(
      `${pipeline('- environment: edge')}---\n${edge}---\n${pipeline(
        '- environment: nowhere',
      ).replace('default', 'second')}`,
    );
    expect(entities.map(({ entity }) => entity.metadata.name)).toEqual([
      'default',
      'edge',
    ]);
    expect(refusals).toEqual([
      expect.objectContaining({
        entityRef: 'pipeline:aurora/second',
        line: expect.any(Number),
      }),
    ]);
  });
});

it('lets the platform change its own environments', async () => {
  const { refusals } = await read(
    own(
      '  tier: test\n  protected: false\n  delivery: { driver: git }\n',
    ).replace('owner: retail', 'owner: platform'),
    { tenant: 'default' },
  );
  expect(refusals).toEqual([]);
});

it('takes the delivery that Portico comes with', async () => {
  const folder = resolvePackagePath(
    '@portico/plugin-catalog-backend-module-tenancy',
    '../../delivery',
  );
  const { entities, refusals } = await readSource({
    address: {
      tenant: 'default',
      source: 'delivery',
      rootUrl: 'http://portal/api/git-host/default/delivery/src/branch/main/',
    },
    file: 'catalog-info.yaml',
    files: { read: file => readFile(path.join(folder, file)) },
  });
  expect(refusals).toEqual([]);
  expect(
    entities.map(({ entity }) => stringifyEntityRef(entity)).sort(),
  ).toEqual([
    'component:default/delivery',
    'environment:default/dev',
    'environment:default/prod',
    'environment:default/staging',
    'pipeline:default/default',
  ]);
});
