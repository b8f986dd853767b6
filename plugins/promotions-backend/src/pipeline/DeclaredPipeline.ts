import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  durationSchema,
  type EnvironmentSpec,
  environmentSpecSchema,
  type GateDeclaration,
  pipelineSpecSchema,
  stageSchema,
} from '@portico/plugin-promotions-common';
import { z } from 'zod';

/** A stage as it is written; what it leaves open is taken over or has a default. */
export interface DeclaredStage {
  environment: string;
  automatic?: boolean;
  gates: GateDeclaration[];
  rollbackGates?: GateDeclaration[];
  expiresAfter?: string;
  strategy?: 'rolling' | 'canary' | 'blueGreen';
  automaticRollback?: boolean;
}

/** A pipeline of the catalog. */
export interface DeclaredPipeline {
  ref: string;
  stages: DeclaredStage[];
}

/** An environment of the catalog. */
export interface DeclaredEnvironment {
  ref: string;
  spec: EnvironmentSpec;
}

const writtenSchema = z.object({
  stages: z.array(
    z.object({
      ...stageSchema.shape,
      automatic: z.boolean().optional(),
      expiresAfter: durationSchema.optional(),
      strategy: z.enum(['rolling', 'canary', 'blueGreen']).optional(),
      automaticRollback: z.boolean().optional(),
    }),
  ),
});

/** @throws InputError that names the field; the catalog has refused most of it before */
export function readPipeline(entity: Entity): DeclaredPipeline {
  const ref = stringifyEntityRef(entity);
  parse(pipelineSpecSchema, entity.spec, ref);
  const { stages } = parse(writtenSchema, entity.spec, ref);
  return { ref, stages };
}

/** @throws InputError that names the field */
export function readEnvironment(entity: Entity): DeclaredEnvironment {
  const ref = stringifyEntityRef(entity);
  return { ref, spec: parse(environmentSpecSchema, entity.spec, ref) };
}

function parse<T>(schema: z.ZodType<T>, spec: unknown, ref: string): T {
  const { data, error } = schema.safeParse(spec);
  if (error) {
    const [issue] = error.issues;
    throw new InputError(
      `${ref}, ${['spec', ...issue.path.map(String)].join('.')}: ${
        issue.message
      }`,
    );
  }
  return data;
}
