import { InputError } from '@backstage/errors';
import {
  componentNameSchema,
  environmentNameSchema,
  PORTICO_FILE,
} from '@portico/plugin-local-runtime-common';
import { parseDocument } from 'yaml';
import { z } from 'zod';

const pathSchema = z
  .string()
  .max(200)
  .regex(/^\/[A-Za-z0-9/._-]*$/, 'must be a path such as /healthz');

const kindSchema = z.looseObject({
  apiVersion: z.literal('portico/v1'),
  kind: z.literal('Service'),
});

/** What the runtime needs of `portico.yaml`; the file may say more. */
const porticoFileSchema = z.object({
  metadata: z.object({ name: componentNameSchema }),
  spec: z.object({
    runtime: z.literal('node'),
    health: z.object({ live: pathSchema, ready: pathSchema }),
    metrics: pathSchema.optional(),
    resources: z
      .object({ size: z.enum(['S', 'M', 'L']) })
      .default({ size: 'S' }),
    replicas: z
      .record(environmentNameSchema, z.number().int().min(0).max(100))
      .default({}),
  }),
});

/** How a service is run. */
export interface PorticoFile {
  name: string;
  livePath: string;
  readyPath: string;
  metricsPath: string | undefined;
  memoryLimitBytes: number;
  replicas: Record<string, number>;
}

const MEBIBYTE = 1024 * 1024;
const MEMORY = { S: 128 * MEBIBYTE, M: 256 * MEBIBYTE, L: 1024 * MEBIBYTE };
const MAX_LENGTH = 100_000;

/**
 * Reads `portico.yaml`.
 *
 * @returns undefined when it describes something else than a service
 * @throws InputError when it describes a service, wrongly
 */
export function parsePorticoFile(text: string): PorticoFile | undefined {
  if (text.length > MAX_LENGTH) {
    throw new InputError(`${PORTICO_FILE} is longer than ${MAX_LENGTH} bytes.`);
  }
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new InputError(
      `${PORTICO_FILE} is no YAML: ${
        document.errors[0].message.split('\n')[0]
      }`,
    );
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 20 });
  } catch {
    throw new InputError(`${PORTICO_FILE} repeats its anchors too often.`);
  }
  if (!kindSchema.safeParse(content).success) {
    return undefined;
  }
  const parsed = porticoFileSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `${PORTICO_FILE} cannot be used, at ${
        issue.path.join('.') || 'its root'
      }: ${issue.message}. Compare it with schema/portico.schema.json.`,
    );
  }
  const { metadata, spec } = parsed.data;
  return {
    name: metadata.name,
    livePath: spec.health.live,
    readyPath: spec.health.ready,
    metricsPath: spec.metrics,
    memoryLimitBytes: MEMORY[spec.resources.size],
    replicas: spec.replicas,
  };
}
