import { z } from 'zod';
import { credentialStateSchema, grantSchema, systemSchema } from './model';

/** Answer to `GET /api/bindings/systems`. */
export const systemListSchema = z.object({ items: z.array(systemSchema) });
export type SystemList = z.infer<typeof systemListSchema>;

/** Query of the lists of grants. */
export const grantQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(2_000).optional(),
});
export type GrantQuery = z.infer<typeof grantQuerySchema>;

/**
 * Answer to `GET /api/bindings/grants` and `GET /api/bindings/tenants/:tenant/grants`.
 */
export const grantListSchema = z.object({
  items: z.array(grantSchema),
  /** Asks for the next page; absent on the last. */
  nextCursor: z.string().optional(),
});
export type GrantList = z.infer<typeof grantListSchema>;

/**
 * Answer to `GET /api/bindings/tenants/:tenant/credentials`: one item for each system
 * that the tenant has a grant on.
 */
export const credentialListSchema = z.object({
  items: z.array(credentialStateSchema),
});
export type CredentialList = z.infer<typeof credentialListSchema>;
