import { z } from 'zod';
import { gateDeclarationSchema } from './gate';
import { durationSchema, environmentNameSchema } from './names';

/** `apiVersion` of the entities of delivery. */
export const DELIVERY_API_VERSION = 'portico/v1';

/** On a component: name of its pipeline; `default` without. */
export const PIPELINE_ANNOTATION = 'portico/pipeline';

/**
 * How a file of the deployment repository names what runs. Text in braces is replaced:
 * `{component}`, `{environment}`.
 */
export const deploymentFileSchema = z.discriminatedUnion('format', [
  /** `images[].digest` of a `kustomization.yaml`, and `?ref=` of its base. */
  z.strictObject({
    format: z.literal('kustomize'),
    path: z
      .string()
      .max(300)
      .default('{component}/overlays/{environment}/kustomization.yaml'),
  }),
  /** Values of a chart: paths such as `image.digest` for each image name. */
  z.strictObject({
    format: z.literal('helm'),
    path: z.string().max(300),
    values: z
      .array(
        z.strictObject({
          image: z.string().min(1).max(255),
          /** Path that gets the digest. */
          digest: z.string().min(1).max(200),
          /** Path that gets the tag, if there is one. */
          tag: z.string().min(1).max(200).optional(),
        }),
      )
      .min(1)
      .max(20),
  }),
  /** Any YAML: one path gets `<image>@<digest>` or the digest alone. */
  z.strictObject({
    format: z.literal('yaml'),
    path: z.string().max(300),
    fields: z
      .array(
        z.strictObject({
          image: z.string().min(1).max(255),
          path: z.string().min(1).max(200),
          value: z.enum(['reference', 'digest']),
        }),
      )
      .min(1)
      .max(20),
  }),
]);
export type DeploymentFile = z.infer<typeof deploymentFileSchema>;

/** Where a promotion writes, and who makes it true. */
export const deliverySchema = z.strictObject({
  /** `git` ends with the commit; the others watch until it runs. */
  driver: z.enum(['git', 'argocd', 'local']),
  repository: z
    .strictObject({
      /** `portico` is the embedded Git host; others are systems of the bindings. */
      host: z.string().min(1).max(63).default('portico'),
      /** `deployments`, or `owner/name` elsewhere. */
      name: z.string().min(1).max(200).default('deployments'),
      branch: z.string().min(1).max(250).optional(),
    })
    .prefault({}),
  file: deploymentFileSchema.default({
    format: 'kustomize',
    path: '{component}/overlays/{environment}/kustomization.yaml',
  }),
  write: z.enum(['commit', 'pullRequest']).default('commit'),
  /** Argo CD only: system of the bindings, and name of the application. */
  argocd: z
    .strictObject({
      system: z.string().min(1).max(63).optional(),
      application: z
        .string()
        .min(1)
        .max(253)
        .default('{component}-{environment}'),
      sync: z.enum(['ask', 'wait']).default('ask'),
      /** How long a canary or blue-green may take, pauses included; P1D without. */
      rolloutTimeout: durationSchema.optional(),
    })
    .optional(),
  /** How long it may take until what was asked for runs and is healthy. */
  timeout: durationSchema.default('PT15M'),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** `spec` of an entity of kind Environment. */
export const environmentSpecSchema = z.strictObject({
  owner: z.string().min(1),
  /** Environments are passed in this order. */
  order: z.number().int().min(0).max(10_000),
  tier: z.enum(['development', 'test', 'production']),
  /** Protected: never promoted to by itself, needs at least one approval. */
  protected: z.boolean(),
  delivery: deliverySchema,
});
export type EnvironmentSpec = z.infer<typeof environmentSpecSchema>;

const gatesSchema = z
  .array(gateDeclarationSchema)
  .max(30)
  .superRefine((gates, context) => {
    gates.forEach(({ name }, index) => {
      if (gates.findIndex(other => other.name === name) < index) {
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `there is a gate "${name}" in this list already; expected another name`,
        });
      }
    });
  });

/** One environment of a pipeline and what it asks before a release enters it. */
export const stageSchema = z.strictObject({
  environment: environmentNameSchema,
  /** Promote each new release that reached the stage before, or was announced. */
  automatic: z.boolean().default(false),
  gates: gatesSchema.default([]),
  /** A rollback asks these instead; without it all gates of the stage but `soak`. */
  rollbackGates: gatesSchema.optional(),
  /** A promotion that nobody let through by then expires. */
  expiresAfter: durationSchema.default('P7D'),
  strategy: z.enum(['rolling', 'canary', 'blueGreen']).default('rolling'),
  /** Bring back what ran before when what was promoted does not become healthy. */
  automaticRollback: z.boolean().default(false),
});
export type Stage = z.infer<typeof stageSchema>;

/** `spec` of an entity of kind Pipeline. */
export const pipelineSpecSchema = z.strictObject({
  owner: z.string().min(1),
  stages: z
    .array(stageSchema)
    .min(1)
    .max(20)
    .superRefine((stages, context) => {
      stages.forEach(({ environment }, index) => {
        if (
          stages.findIndex(other => other.environment === environment) < index
        ) {
          context.addIssue({
            code: 'custom',
            path: [index, 'environment'],
            message: `there is a stage of the environment "${environment}" already; expected one stage for each environment`,
          });
        }
      });
    }),
});
export type PipelineSpec = z.infer<typeof pipelineSpecSchema>;
