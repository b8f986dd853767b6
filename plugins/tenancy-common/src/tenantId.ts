import { z } from 'zod';

/** The namespace of the platform itself: shared templates, docs, systems. */
export const PLATFORM_TENANT = 'default';

const RESERVED_TENANT_IDS: ReadonlySet<string> = new Set([
  PLATFORM_TENANT,
  // first path segment of the Git host's read API
  'api',
  'portico',
  'platform',
  'system',
]);

/**
 * The id of a tenant: a lower-case DNS label of 2 to 40 characters.
 *
 * It is the catalog namespace of everything the tenant has.
 */
export const tenantIdSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/,
    'must be 2 to 40 characters: lower-case letters, digits and inner hyphens',
  );

/** A tenant id that an organisation may take: none of the reserved words. */
export const newTenantIdSchema = tenantIdSchema.refine(
  id => !RESERVED_TENANT_IDS.has(id),
  { error: 'is reserved' },
);

/** Tells whether a text is a well-formed tenant id, `default` included. */
export function isTenantId(text: string): boolean {
  return tenantIdSchema.safeParse(text).success;
}
