import { z } from 'zod';
import {
  type ChartObject,
  type ChartPod,
  installations,
  podsOf,
  readObjects,
  render,
  valuesOf,
} from './__testUtils__/chart';

jest.setTimeout(120_000);

const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()),
});
const policySchema = z.object({
  spec: z.object({
    podSelector: selectorSchema,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.unknown()).optional(),
    egress: z.array(z.unknown()).optional(),
  }),
});
const selectingSchema = z.object({
  spec: z.looseObject({
    selector: z.union([selectorSchema, z.record(z.string(), z.string())]),
  }),
});

function selects(wanted: Record<string, string>, pod: ChartPod): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => pod.labels[key] === value,
  );
}

function ofKind(objects: readonly ChartObject[], kind: string): ChartObject[] {
  return objects.filter(object => object.kind === kind);
}

/** Everything that a pod's containers get, with the container's name. */
function environmentOf({ spec }: ChartPod) {
  return spec.containers.flatMap(({ name, env }) =>
    env.map(variable => ({ container: name, ...variable })),
  );
}

const looksSecret =
  /(PASSWORD|SECRET|TOKEN|CREDENTIAL|_KEY|ADMIN_URL|ACCESS_KEY_ID)$/;

describe.each(installations)('what ci/%s-values.yaml makes', name => {
  let rendered: string;
  let objects: ChartObject[];
  let pods: ChartPod[];
  beforeAll(async () => {
    rendered = await render(valuesOf(name));
    objects = readObjects(rendered);
    pods = podsOf(objects);
  });

  it('has pods that a restricted namespace takes, with a root that is read only', () => {
    expect(pods.length).toBeGreaterThanOrEqual(3);
    const openshift = name === 'openshift';
    for (const { owner, spec } of pods) {
      expect({ owner, pod: spec.securityContext }).toEqual({
        owner,
        pod: {
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
          ...(!openshift && {
            runAsUser: 65532,
            runAsGroup: 65532,
            fsGroup: 65532,
            fsGroupChangePolicy: 'OnRootMismatch',
          }),
        },
      });
      for (const container of [...spec.containers, ...spec.initContainers]) {
        expect({ owner, container: container.securityContext }).toEqual({
          owner,
          container: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        });
      }
      expect(JSON.stringify(spec.volumes)).not.toContain('hostPath');
    }
  });

  it('has images by digest, limits of memory, and a place to write', () => {
    for (const { spec } of pods) {
      for (const { image, resources } of spec.containers) {
        expect(image).toMatch(/^[^@:]+@sha256:[0-9a-f]{64}$/);
        expect(Object.keys(resources.requests)).toEqual(['cpu', 'memory']);
        expect(resources.limits).toHaveProperty('memory');
      }
    }
    // What `helm test` runs writes nothing.
    for (const { spec } of pods.filter(
      ({ owner }) => !owner.startsWith('Pod '),
    )) {
      expect(spec.containers[0].volumeMounts).toContainEqual(
        expect.objectContaining({ mountPath: '/tmp' }),
      );
    }
  });

  it('gives no pod a token of its account', () => {
    expect(
      pods.filter(({ spec }) => spec.automountServiceAccountToken !== false),
    ).toEqual([]);
    for (const account of ofKind(objects, 'ServiceAccount')) {
      expect(account).toMatchObject({ automountServiceAccountToken: false });
    }
    expect(
      objects.filter(({ kind }) => /^(Cluster)?Role(Binding)?$/.test(kind)),
    ).toEqual([]);
  });

  it('has no secret in plain, and makes no Secret', () => {
    expect(ofKind(objects, 'Secret')).toEqual([]);
    const named = pods
      .flatMap(environmentOf)
      .filter(variable => looksSecret.test(variable.name));
    expect(named.length).toBeGreaterThan(8);
    for (const variable of named) {
      expect(variable).not.toHaveProperty('value');
      expect(variable).toHaveProperty('valueFrom.secretKeyRef');
    }
  });

  it('tells the portal nothing that only the preparation or the backup may know', () => {
    const whoKnows = (variable: RegExp) =>
      pods
        .filter(pod => environmentOf(pod).some(one => variable.test(one.name)))
        .map(({ owner }) => owner)
        .sort();
    const preparation = ['Job portico-migrate'];
    expect(whoKnows(/^PORTICO_DATABASE_ADMIN_URL$/)).toEqual(preparation);
    expect(whoKnows(/^PORTICO_MIGRATOR_PASSWORD$/)).toEqual(preparation);
    expect(whoKnows(/^PORTICO_BACKUP_PASSWORD$/)).toEqual(
      ['everything', 'openshift'].includes(name)
        ? ['CronJob portico-backup', ...preparation]
        : [],
    );
    const ownVariables = whoKnows(/^(PORTICO|AUTH)_/);
    expect(ownVariables).not.toContain('CronJob portico-docs-builder');
    expect(ownVariables).not.toContain('Pod portico-test');
  });

  it('closes each pod in both directions before anything is opened', () => {
    const policies = ofKind(objects, 'NetworkPolicy').map(policy => ({
      name: policy.metadata.name,
      ...policySchema.parse(policy).spec,
    }));
    const closing = policies.filter(
      policy =>
        policy.policyTypes.length === 2 && !policy.ingress && !policy.egress,
    );
    expect(closing).toHaveLength(1);
    for (const pod of pods) {
      expect({
        pod: pod.owner,
        closed: selects(closing[0].podSelector.matchLabels, pod),
      }).toEqual({ pod: pod.owner, closed: true });
      // A policy that opens says from where: an empty rule lets everybody in.
      for (const policy of policies) {
        for (const rule of [
          ...(policy.ingress ?? []),
          ...(policy.egress ?? []),
        ]) {
          expect(Object.keys(z.looseObject({}).parse(rule))).toContain('ports');
        }
        for (const rule of policy.ingress ?? []) {
          expect(rule).toHaveProperty('from');
        }
      }
    }
    const opened = (component: string, direction: 'ingress' | 'egress') =>
      policies
        .filter(
          policy =>
            policy[direction] &&
            pods.some(
              pod =>
                pod.labels['app.kubernetes.io/component'] === component &&
                selects(policy.podSelector.matchLabels, pod),
            ),
        )
        .map(policy => policy.name)
        .sort();
    expect(opened('web', 'ingress')).toEqual(['portico-portal', 'portico-web']);
    expect(opened('worker', 'ingress')).toEqual(
      name === 'sealed' ? [] : ['portico-portal'],
    );
    expect(opened('migrate', 'ingress')).toEqual([]);
    expect(opened('docs-builder', 'ingress')).toEqual([]);
    // Its own way to the database alone.
    expect(opened('migrate', 'egress')).toEqual(['portico-migrate']);
  });

  it('keeps a replica while others go, and leads users to web replicas alone', () => {
    const roles = name === 'sealed' ? ['web'] : ['web', 'worker'];
    const deployments = ofKind(objects, 'Deployment');
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(
      roles.map(role => `portico-${role}`),
    );
    for (const deployment of deployments) {
      expect(deployment).toMatchObject({
        spec: {
          strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        },
      });
    }
    for (const kind of ['PodDisruptionBudget', 'Deployment']) {
      for (const object of ofKind(objects, kind)) {
        const { selector } = selectingSchema.parse(object).spec;
        const { matchLabels } = selectorSchema.parse(selector);
        expect(
          pods
            .filter(pod => selects(matchLabels, pod))
            .map(({ owner }) => owner),
        ).toEqual([`Deployment ${object.metadata.name}`]);
      }
    }
    const services = ofKind(objects, 'Service').map(service => {
      const selector = z
        .record(z.string(), z.string())
        .parse(selectingSchema.parse(service).spec.selector);
      return [
        service.metadata.name,
        pods.filter(pod => selects(selector, pod)).map(({ owner }) => owner),
      ];
    });
    expect(Object.fromEntries(services)).toEqual({
      portico: ['Deployment portico-web'],
      'portico-metrics': roles.map(role => `Deployment portico-${role}`),
    });
  });

  it('starts each role with its part of the configuration, over the values', () => {
    const args = Object.fromEntries(
      pods
        .filter(({ owner }) => owner.startsWith('Deployment'))
        .map(pod => [pod.owner, pod.spec.containers[0].args]),
    );
    const values = [
      'serve',
      '--config',
      '/etc/portico/config/app-config.values.yaml',
    ];
    expect(args).toEqual(
      name === 'sealed'
        ? { 'Deployment portico-web': values }
        : {
            'Deployment portico-web': [
              ...values,
              '--config',
              'app-config.web.yaml',
            ],
            'Deployment portico-worker': [
              ...values,
              '--config',
              'app-config.worker.yaml',
            ],
          },
    );
  });

  it('prepares the database before anything of it is installed or upgraded', () => {
    const hooks = objects
      .filter(({ metadata }) =>
        metadata.annotations['helm.sh/hook']?.includes(
          'pre-install,pre-upgrade',
        ),
      )
      .map(({ kind, metadata }) => ({
        kind,
        weight: Number(metadata.annotations['helm.sh/hook-weight']),
      }))
      .sort((one, other) => one.weight - other.weight);
    const secrets = { everything: 3, sealed: 2 }[name] ?? 0;
    expect(hooks.map(({ kind }) => kind)).toEqual([
      ...Array(secrets).fill(
        name === 'sealed' ? 'SealedSecret' : 'ExternalSecret',
      ),
      'NetworkPolicy',
      'Job',
    ]);
  });
});

describe('an OpenShift Route', () => {
  it('leads to the web replicas over TLS, in place of an Ingress', async () => {
    const objects = readObjects(await render(valuesOf('openshift')));
    expect(ofKind(objects, 'Ingress')).toEqual([]);
    expect(ofKind(objects, 'Route')).toMatchObject([
      {
        apiVersion: 'route.openshift.io/v1',
        spec: {
          host: 'portal.example.com',
          to: { kind: 'Service', name: 'portico' },
          port: { targetPort: 'http' },
          tls: {
            termination: 'edge',
            insecureEdgeTerminationPolicy: 'Redirect',
          },
        },
      },
    ]);
  });
});
