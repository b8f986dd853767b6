import { z } from 'zod';

/**
 * How people and groups come into a tenant.
 *
 * - `scim`: the identity provider writes them (SCIM 2.0)
 * - `keycloak`: the portal reads them from a realm, as the operator configured
 */
export const directoryKindSchema = z.enum(['scim', 'keycloak']);
export type DirectoryKind = z.infer<typeof directoryKindSchema>;

/** Which attribute of a person is the `sub` that they sign in with. */
export const directorySubjectSchema = z.enum(['externalId', 'userName']);
export type DirectorySubject = z.infer<typeof directorySubjectSchema>;

/** Body of `PUT /api/tenancy/tenants/:tenant/directory`: lets SCIM write people. */
export const putDirectorySchema = z.strictObject({
  /** `iss` of the provider that the people sign in with. */
  issuer: z.url({ protocol: /^https?$/ }).max(500),
  subject: directorySubjectSchema.default('externalId'),
});
export type PutDirectory = z.input<typeof putDirectorySchema>;

/** Body of `POST /api/tenancy/tenants/:tenant/directory/tokens`. */
export const createDirectoryTokenSchema = z.strictObject({
  /** Days until it expires, 1 to 365. */
  expiresInDays: z.number().int().min(1).max(365).default(180),
});
export type CreateDirectoryToken = z.input<typeof createDirectoryTokenSchema>;

/** A token that lets the identity provider write people and groups of one tenant. */
export const directoryTokenSchema = z.object({
  id: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
});
export type DirectoryToken = z.infer<typeof directoryTokenSchema>;

/** Answer to creating a token; the secret is shown once. */
export const createdDirectoryTokenSchema = z.object({
  /** `portico-scim_<tenant>_<id>_<secret>` */
  token: z.string(),
  directoryToken: directoryTokenSchema,
});
export type CreatedDirectoryToken = z.infer<typeof createdDirectoryTokenSchema>;

/** The directory of a tenant. */
export const directorySchema = z.object({
  kind: directoryKindSchema,
  issuer: z.string(),
  subject: directorySubjectSchema,
  /** Address that a SCIM client is told. */
  address: z.string().optional(),
  /** People and groups that it owns now. */
  people: z.number().int().nonnegative(),
  groups: z.number().int().nonnegative(),
  tokens: z.array(directoryTokenSchema),
  /** The last look at a directory that the portal reads. */
  lastLook: z
    .object({
      at: z.iso.datetime(),
      /** `held`: read, and nobody was removed because too many would have been. */
      outcome: z.enum(['read', 'held', 'unreadable']),
      reason: z.string().optional(),
    })
    .optional(),
});
export type Directory = z.infer<typeof directorySchema>;

/** Answer to `GET /api/tenancy/tenants/:tenant/directory`. */
export const directoryAnswerSchema = z.object({
  /** Absent where people and groups are kept by hand alone. */
  directory: directorySchema.optional(),
});
export type DirectoryAnswer = z.infer<typeof directoryAnswerSchema>;
