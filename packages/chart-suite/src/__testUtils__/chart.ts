import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { chartEnvironment } from '../chartPrograms';

const run = promisify(execFile);

/** The chart's folder. */
export const chartFolder = resolve(__dirname, '../../../../charts/portico');

/** The installations that the chart is tried with. */
export const installations = readdirSync(join(chartFolder, 'ci')).map(file =>
  file.replace(/-values\.yaml$/, ''),
);

/** Values of an installation, from `ci/`. */
export function valuesOf(installation: string): Record<string, unknown> {
  return z
    .record(z.string(), z.unknown())
    .parse(
      parse(
        readFileSync(
          join(chartFolder, 'ci', `${installation}-values.yaml`),
          'utf8',
        ),
      ),
    );
}

/** A program that main.ts made ready. */
export function program(name: keyof typeof chartEnvironment): string {
  const path = process.env[chartEnvironment[name]];
  if (!path) {
    throw new Error(
      `${chartEnvironment[name]} is not set: run these tests with \`npm run test:chart\``,
    );
  }
  return path;
}

/** Runs helm to its end; what it says when it fails is the error's message. */
export async function helm(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { stdout } = await run(program('helm'), args, {
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Calls something with a file that holds these values. */
export async function withValues<T>(
  values: Record<string, unknown>,
  call: (file: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-chart-values-'));
  try {
    const file = join(folder, 'values.json');
    await writeFile(file, JSON.stringify(values));
    return await call(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the chart makes of values, as text. */
export function render(values: Record<string, unknown>): Promise<string> {
  return withValues(values, file =>
    helm([
      'template',
      'portico',
      chartFolder,
      '--namespace=portico',
      '--kube-version=1.34.4',
      `--values=${file}`,
    ]),
  );
}

const labels = z.record(z.string(), z.string()).default({});

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels,
    annotations: labels,
  }),
});
/** An object of the chart. */
export type ChartObject = z.infer<typeof objectSchema>;

const environmentSchema = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
});

const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  env: z.array(environmentSchema).default([]),
  volumeMounts: z
    .array(
      z.looseObject({
        mountPath: z.string(),
        readOnly: z.boolean().optional(),
      }),
    )
    .default([]),
  resources: z.looseObject({
    requests: z.record(z.string(), z.unknown()),
    limits: z.record(z.string(), z.unknown()),
  }),
  securityContext: z.looseObject({}),
});

const podSchema = z.looseObject({
  automountServiceAccountToken: z.boolean().optional(),
  securityContext: z.looseObject({}),
  containers: z.array(containerSchema).min(1),
  initContainers: z.array(containerSchema).default([]),
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
});

const templateSchema = z.object({
  metadata: z.object({ labels }),
  spec: podSchema,
});

/** A pod that an object makes. */
export interface ChartPod {
  owner: string;
  labels: Record<string, string>;
  spec: z.infer<typeof podSchema>;
}

/** Reads what helm rendered. */
export function readObjects(text: string): ChartObject[] {
  return parseAllDocuments(text)
    .map(document => document.toJS())
    .filter(object => object !== null)
    .map(object => objectSchema.parse(object));
}

/** Every pod that these objects make, by whatever makes it. */
export function podsOf(objects: readonly ChartObject[]): ChartPod[] {
  return objects.flatMap(object => {
    const owner = `${object.kind} ${object.metadata.name}`;
    const template = (value: unknown) => {
      const { metadata, spec } = templateSchema.parse(value);
      return [{ owner, labels: metadata.labels, spec }];
    };
    const { spec } = z
      .looseObject({ spec: z.unknown().optional() })
      .parse(object);
    const inner = z.looseObject({
      template: z.unknown().optional(),
      jobTemplate: z
        .looseObject({ spec: z.looseObject({ template: z.unknown() }) })
        .optional(),
    });
    switch (object.kind) {
      case 'Pod':
        return template(object);
      case 'Deployment':
      case 'StatefulSet':
      case 'DaemonSet':
      case 'Job':
        return template(inner.parse(spec).template);
      case 'CronJob':
        return template(inner.parse(spec).jobTemplate?.spec.template);
      default:
        return [];
    }
  });
}
