import { type JsonObject, type JsonValue } from '@backstage/types';
import { riskSchema } from '@portico/plugin-promotions-common';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { readManifest } from '../manifests/ManifestObject';
import { pairObjects } from '../manifests/pairObjects';
import { SecretRedactor } from '../redaction/SecretRedactor';
import { assessRisks } from './assessRisks';

function risksOf(before: object[], after: object[]) {
  const redactor = new SecretRedactor();
  const [old, fresh] = [before, after].map(objects =>
    readManifest(objects.map(item => stringify(item)).join('---\n'), redactor),
  );
  return assessRisks(pairObjects(old, fresh));
}
const told = (before: object[], after: object[]) =>
  risksOf(before, after).map(
    ({ severity, kind, text }) => `${severity} ${kind}: ${text}`,
  );

const DIGEST = `checkout@sha256:${'a'.repeat(64)}`;
const workload = (spec: JsonObject = {}, container: JsonObject = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'checkout', namespace: 'shop' },
  spec: {
    replicas: 3,
    ...spec,
    template: {
      spec: {
        containers: [{ name: 'service', image: DIGEST, ...container }],
        ...(spec.pods as JsonObject | undefined),
      },
    },
  },
});
const other = (apiVersion: string, kind: string, content: JsonObject = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  ...content,
});

describe('assessRisks', () => {
  it.each<[string, object[], object[], string[]]>([
    ['nothing', [workload()], [workload()], []],
    [
      'fewer replicas',
      [workload()],
      [workload({ replicas: 1 })],
      ['medium replicas: Replicas of Deployment checkout go from 3 to 1'],
    ],
    [
      'none at all',
      [workload()],
      [workload({ replicas: 0 })],
      ['high replicas: Replicas of Deployment checkout go from 3 to 0'],
    ],
    [
      'a container with more memory and no limit',
      [
        workload(
          {},
          {
            resources: {
              requests: { memory: '128Mi' },
              limits: { memory: '1Gi' },
            },
          },
        ),
      ],
      [workload({}, { resources: { requests: { memory: '512Mi' } } })],
      [
        'medium resources: The requests of memory of container service in Deployment checkout go from 128Mi to 512Mi',
        'medium resources: The limits of memory of container service in Deployment checkout go from 1Gi to none',
      ],
    ],
    [
      'an image by tag',
      [workload()],
      [workload({}, { image: 'checkout:latest' })],
      [
        'medium imageNotByDigest: Container service of Deployment checkout runs checkout:latest, which is not named by digest',
      ],
    ],
    [
      'more rights of a container',
      [workload({}, { securityContext: { runAsNonRoot: true } })],
      [workload({}, { securityContext: { privileged: true } })],
      [
        'high securityContext: The container service of Deployment checkout may do more than before',
      ],
    ],
    [
      'the network of the node',
      [workload()],
      [workload({ pods: { hostNetwork: true } })],
      ['high securityContext: The pods of Deployment checkout get hostNetwork'],
    ],
    [
      'a folder of the node',
      [workload()],
      [
        workload({
          pods: { volumes: [{ name: 'etc', hostPath: { path: '/etc' } }] },
        }),
      ],
      [
        'high volumes: Volume etc of Deployment checkout is a folder of the node',
      ],
    ],
    [
      'another secret and account',
      [workload()],
      [
        workload(
          { pods: { serviceAccountName: 'admin' } },
          {
            env: [
              {
                name: 'A',
                valueFrom: { secretKeyRef: { name: 'db', key: 'url' } },
              },
            ],
          },
        ),
      ],
      [
        'medium rbac: Deployment checkout acts as admin instead of default',
        'medium secrets: Deployment checkout uses secret db, key url',
      ],
    ],
    [
      'what is deleted',
      [workload(), other('v1', 'ConfigMap')],
      [],
      [
        'high deletion: Deployment checkout is deleted',
        'low deletion: ConfigMap x is deleted',
      ],
    ],
    [
      'rights',
      [],
      [
        other('rbac.authorization.k8s.io/v1', 'Role', {
          rules: [{ verbs: ['*'], resources: ['pods'] }],
        }),
      ],
      ['high rbac: Rights change: Role x is added'],
    ],
    [
      'an open service and a policy less',
      [
        other('v1', 'Service', { spec: {} }),
        other('networking.k8s.io/v1', 'NetworkPolicy'),
      ],
      [other('v1', 'Service', { spec: { type: 'LoadBalancer' } })],
      [
        'high network: Service x becomes LoadBalancer, which is reached from outside of the cluster',
        'high network: NetworkPolicy x is removed',
        'medium deletion: NetworkPolicy x is deleted',
      ],
    ],
    [
      'host names and encryption',
      [
        other('networking.k8s.io/v1', 'Ingress', {
          spec: { rules: [{ host: 'a.example' }], tls: [{}] },
        }),
      ],
      [
        other('networking.k8s.io/v1', 'Ingress', {
          spec: { rules: [{ host: 'b.example' }] },
        }),
      ],
      [
        'high ingress: Ingress x does not answer a.example any more',
        'high ingress: Ingress x is not encrypted any more',
        'medium ingress: Ingress x answers b.example now',
      ],
    ],
    [
      'a secret and a definition',
      [
        other('v1', 'Secret', { data: { a: 'YQ==' } }),
        other('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
          spec: { scope: 'Cluster' },
        }),
      ],
      [
        other('v1', 'Secret', { data: { a: 'Yg==' } }),
        other('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
          spec: { scope: 'Namespaced' },
        }),
      ],
      [
        'high crd: CustomResourceDefinition x is changed',
        'medium secrets: Secret x is changed',
      ],
    ],
  ])('tells of %s', (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  it('takes whatever an object holds, and answers as the contract says', () => {
    const anything = fc.jsonValue({ maxDepth: 1 });
    const part: fc.Arbitrary<JsonValue> = fc.oneof(
      anything,
      fc.dictionary(
        fc.constantFrom(
          'containers',
          'volumes',
          'rules',
          'replicas',
          'resources',
          'securityContext',
          'name',
          'image',
          'tls',
        ),
        anything,
        { maxKeys: 3 },
      ),
    );
    const spec: fc.Arbitrary<JsonValue> = fc.oneof(
      part,
      fc.record({ template: fc.record({ spec: part }), rules: part }),
      fc.record({
        template: fc.record({
          spec: fc.record({
            containers: fc.array(part, { maxLength: 2 }),
            volumes: part,
          }),
        }),
      }),
    );
    const object = fc
      .tuple(
        fc.constantFrom('', 'apps', 'rbac.authorization.k8s.io'),
        fc.constantFrom(
          'Deployment',
          'CronJob',
          'Pod',
          'Ingress',
          'Role',
          'NetworkPolicy',
          'Service',
          'Secret',
          'PersistentVolumeClaim',
          'CustomResourceDefinition',
        ),
        spec,
      )
      .map(([group, kind, content]) => ({
        group,
        kind,
        namespace: '',
        name: 'x',
        content: { spec: content },
      }));
    fc.assert(
      fc.property(fc.option(object), fc.option(object), (before, after) => {
        const change = {
          ...(before && { before }),
          ...(after && { after }),
        };
        for (const risk of assessRisks([change])) {
          expect(riskSchema.safeParse(risk).success).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
