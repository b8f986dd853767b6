import { z } from 'zod';
import { newTenantIdSchema, tenantIdSchema } from './tenantId';
import { directoryKindSchema } from './directory';
import { roleSchema } from './roles';

/** Name of a person or group inside its tenant, as in `user:aurora/kim`. */
export const principalNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 characters: lower-case letters, digits and inner hyphens',
  );

/** An organisation that shares this portal. */
export const tenantSchema = z.object({
  id: tenantIdSchema,
  title: z.string().min(1).max(100),
  createdAt: z.iso.datetime(),
});
export type Tenant = z.infer<typeof tenantSchema>;

export const createTenantSchema = z.strictObject({
  id: newTenantIdSchema,
  title: z.string().min(1).max(100),
});
export type CreateTenant = z.infer<typeof createTenantSchema>;

/**
 * Where a tenant's catalog files come from.
 *
 * - `repository`: a repository of the embedded Git host, in the tenant's own space
 * - `url`: a catalog file elsewhere, read with the platform's integration; only
 *   the platform may register it for a tenant
 */
export const sourceLocationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('repository'),
    repository: z
      .string()
      .regex(
        /^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/,
        'is no repository name',
      ),
    branch: z.string().min(1).max(200).default('main'),
    path: z.string().min(1).max(500).default('catalog-info.yaml'),
  }),
  z.strictObject({
    kind: z.literal('url'),
    url: z.url({ protocol: /^https?$/ }).max(2000),
  }),
]);
export type SourceLocation = z.infer<typeof sourceLocationSchema>;

/** Name of a source inside its tenant; part of its entities' origin. */
export const sourceNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/,
    'must be 1 to 100 characters: lower-case letters, digits, dots, hyphens',
  );

export const createSourceSchema = z.strictObject({
  name: sourceNameSchema,
  location: sourceLocationSchema,
});
export type CreateSource = z.infer<typeof createSourceSchema>;

/** One thing in a source that was refused, with where and why. */
export const refusalSchema = z.object({
  file: z.string(),
  /** 1-based; absent when the whole file could not be read. */
  line: z.number().int().positive().optional(),
  /** Ref of the refused entity where it could be told. */
  entityRef: z.string().optional(),
  reason: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;

export const sourceSchema = z.object({
  tenant: tenantIdSchema,
  name: sourceNameSchema,
  location: sourceLocationSchema,
  createdAt: z.iso.datetime(),
  /** The last time the source was looked at; absent before the first. */
  lastScan: z
    .object({
      at: z.iso.datetime(),
      outcome: z.enum(['read', 'unreadable']),
      /** Commit or etag that was read. */
      revision: z.string().optional(),
      /** Why the source could not be read. */
      reason: z.string().optional(),
      entities: z.number().int().nonnegative(),
      refusals: z.number().int().nonnegative(),
    })
    .optional(),
});
export type Source = z.infer<typeof sourceSchema>;

/** A person, or a machine, in one tenant: `user:<tenant>/<name>`. */
export const memberSchema = z.object({
  tenant: tenantIdSchema,
  name: principalNameSchema,
  kind: z.enum(['person', 'machine']),
  displayName: z.string().min(1).max(200),
  email: z.email().optional(),
  roles: z.array(roleSchema),
  /** Names of the groups of the same tenant. */
  groups: z.array(principalNameSchema),
  disabledAt: z.iso.datetime().optional(),
  /** The directory that owns the member; absent for one who is kept by hand. */
  source: directoryKindSchema.optional(),
});
export type Member = z.infer<typeof memberSchema>;

/** The link from a person to the identity provider: never an e-mail address. */
export const identitySchema = z.strictObject({
  issuer: z.string().min(1).max(500),
  subject: z.string().min(1).max(500),
});
export type Identity = z.infer<typeof identitySchema>;

/** Issuer of the identities of development personas. */
export const PERSONA_ISSUER = 'urn:portico:persona';

/** What is written when a person is added or changed. */
export const putMemberSchema = z.strictObject({
  displayName: z.string().min(1).max(200),
  email: z.email().optional(),
  /** Own roles; those of the groups come on top. */
  roles: z.array(roleSchema),
  groups: z.array(principalNameSchema).default([]),
  identity: identitySchema.optional(),
  disabled: z.boolean().default(false),
});
export type PutMember = z.input<typeof putMemberSchema>;

export const putGroupSchema = z.strictObject({
  displayName: z.string().min(1).max(200),
  type: z.string().min(1).max(63).default('team'),
  parent: principalNameSchema.optional(),
  /** Roles that each member of the group holds besides their own. */
  roles: z.array(roleSchema).default([]),
});
export type PutGroup = z.input<typeof putGroupSchema>;

export const groupSchema = z.object({
  tenant: tenantIdSchema,
  name: principalNameSchema,
  displayName: z.string(),
  type: z.string(),
  parent: principalNameSchema.optional(),
  /** Roles that each member of the group holds besides their own. */
  roles: z.array(roleSchema),
  /** The directory that owns the group; absent for one that is kept by hand. */
  source: directoryKindSchema.optional(),
});
export type Group = z.infer<typeof groupSchema>;

/** What a machine token may be used for. */
export const machineScopes = [
  'catalog:read',
  'git:read',
  'git:write',
  'releases:write',
  'scaffolder:run',
] as const;
export const machineScopeSchema = z.enum(machineScopes);
export type MachineScope = z.infer<typeof machineScopeSchema>;

export const createMachineTokenSchema = z.strictObject({
  /** Name of the machine; its user is `user:<tenant>/bot-<name>`. */
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'is no name'),
  scopes: z.array(machineScopeSchema).min(1),
  /** Days until it expires, 1 to 365. */
  expiresInDays: z.number().int().min(1).max(365).default(90),
});
export type CreateMachineToken = z.input<typeof createMachineTokenSchema>;

export const machineTokenSchema = z.object({
  tenant: tenantIdSchema,
  id: z.string(),
  name: z.string(),
  scopes: z.array(machineScopeSchema),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
});
export type MachineToken = z.infer<typeof machineTokenSchema>;

/** How a session began. */
export const sessionMethodSchema = z.enum([
  'persona',
  'oidc',
  'machine-token',
  'device',
]);
export type SessionMethod = z.infer<typeof sessionMethodSchema>;

/** A session that is not over: one issued user token. */
export const sessionSchema = z.object({
  member: principalNameSchema,
  /** Seconds since the epoch; with the member it names the session. */
  issuedAt: z.number().int().nonnegative(),
  startedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  method: sessionMethodSchema,
  /** Network address that signed in, where it is known. */
  sourceAddress: z.string().optional(),
  /** The one that the request was made with. */
  current: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;

/** Who the caller is and where else they belong: `GET /api/tenancy/me`. */
export const meSchema = z.object({
  userRef: z.string(),
  displayName: z.string(),
  tenant: tenantSchema,
  roles: z.array(roleSchema),
  groups: z.array(z.string()),
  /** The same person's memberships, the active one included. */
  memberships: z.array(z.object({ tenant: tenantSchema, userRef: z.string() })),
});
export type Me = z.infer<typeof meSchema>;

/** How far the demo is that the portal's start makes. */
export const demoProgressSchema = z.object({
  /** Things that are there, of so many in all tenants. */
  done: z.number().int().nonnegative(),
  total: z.number().int().positive(),
  /** `stopped`: not all could be made; the next start goes on. */
  state: z.enum(['making', 'stopped']),
});
export type DemoProgress = z.infer<typeof demoProgressSchema>;

/** A development persona offered on the sign-in page. */
export const personaSchema = z.object({
  userRef: z.string(),
  displayName: z.string(),
  tenant: tenantSchema,
  roles: z.array(roleSchema),
  groups: z.array(z.string()),
});
export type Persona = z.infer<typeof personaSchema>;
