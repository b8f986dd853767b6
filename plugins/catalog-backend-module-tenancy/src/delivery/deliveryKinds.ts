import { type Entity } from '@backstage/catalog-model';
import {
  DELIVERY_API_VERSION,
  environmentNameSchema,
  environmentSpecSchema,
  pipelineSpecSchema,
} from '@portico/plugin-promotions-common';
import { type z } from 'zod';
import { RefusedDocument } from '../reading/RefusedDocument';

/** Kinds of delivery, with the check of their `spec`. */
const specSchemas = {
  Environment: environmentSpecSchema,
  Pipeline: pipelineSpecSchema,
} as const;

/** A kind of delivery. */
export type DeliveryKind = keyof typeof specSchemas;

/** Kinds of delivery. */
export const deliveryKinds: readonly DeliveryKind[] = [
  'Environment',
  'Pipeline',
];

/** Whether a kind is one of delivery. */
export function isDeliveryKind(kind: string): kind is DeliveryKind {
  return Object.hasOwn(specSchemas, kind);
}

/**
 * Checks an entity of a kind of delivery, as the stock validators check the others.
 *
 * @returns false when its `apiVersion` is not the one of delivery
 * @throws RefusedDocument with the path of the first thing that is wrong
 */
export function checkDeliveryKind(kind: DeliveryKind, entity: Entity): boolean {
  if (entity.apiVersion !== DELIVERY_API_VERSION) {
    return false;
  }
  if (!environmentNameSchema.safeParse(entity.metadata.name).success) {
    throw new RefusedDocument(
      ['metadata', 'name'],
      `metadata.name of kind ${kind} must be 1 to 40 lower-case letters, digits and inner hyphens, beginning with a letter`,
    );
  }
  const { error } = specSchemas[kind].safeParse(entity.spec);
  if (error) {
    const [issue] = error.issues;
    throw refusalOf(issue, error.issues.length - 1);
  }
  return true;
}

function refusalOf(issue: z.core.$ZodIssue, others: number): RefusedDocument {
  const path = ['spec', ...issue.path].map(step =>
    typeof step === 'number' ? step : String(step),
  );
  const more = others > 0 ? ` (and ${others} more below)` : '';
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    return new RefusedDocument(
      [...path, key],
      `${path.join('.')} has the field "${key.slice(
        0,
        120,
      )}", which is not known there; expected it spelled as in docs/pipelines.md, or left out${more}`,
    );
  }
  return new RefusedDocument(
    path,
    `${path.join('.')}: ${issue.message}${more}`,
  );
}
