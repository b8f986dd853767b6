import { tenantIdSchema } from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import {
  bindingKindRules,
  bindingKindSchema,
  parseResource,
  systemKindSchema,
} from './bindingKind';

/** Name of an external system, as configured. */
export const systemNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 characters: lower-case letters, digits and inner hyphens',
  );

/** An Argo CD, a cluster, a Grafana, …, as the platform's configuration names it. */
export const systemSchema = z.object({
  name: systemNameSchema,
  kind: systemKindSchema,
  title: z.string(),
  url: z.url(),
});
export type System = z.infer<typeof systemSchema>;

/** What the platform grants a tenant. */
export const createGrantSchema = z
  .strictObject({
    kind: bindingKindSchema,
    system: systemNameSchema,
    /** A name, or for some kinds a pattern with `*` at the end. */
    resource: z.string().min(1).max(400),
    /** Others may be granted the same thing; all of those grants have to say so. */
    shared: z.boolean().default(false),
  })
  .transform((grant, context) => {
    const resource = parseResource(grant.kind, grant.resource);
    if (resource === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['resource'],
        message: `must be ${bindingKindRules[grant.kind].form}`,
      });
      return z.NEVER;
    }
    return { ...grant, resource };
  });
export type CreateGrant = z.input<typeof createGrantSchema>;

/** A tenant may use a thing of an external system. */
export const grantSchema = z.object({
  id: z.uuid(),
  tenant: tenantIdSchema,
  kind: bindingKindSchema,
  system: systemNameSchema,
  resource: z.string(),
  shared: z.boolean(),
  /** Ref of who granted it. */
  grantedBy: z.string(),
  grantedAt: z.iso.datetime(),
});
export type Grant = z.infer<typeof grantSchema>;

const secretText = z
  .string()
  .min(1)
  .max(8_192)
  .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces');

/** What a tenant uses a system with; it is never given out. */
export const putCredentialSchema = z.strictObject({
  /** A token, an API key or a password. */
  token: secretText,
  /** Name of the account, where the system asks for one beside the token. */
  username: secretText.max(320).optional(),
});
export type PutCredential = z.infer<typeof putCredentialSchema>;

/** Where a credential of a tenant stands; never what it is. */
export const credentialStateSchema = z.object({
  tenant: tenantIdSchema,
  system: systemSchema,
  /** Absent where none is set. */
  set: z
    .object({
      /** Ref of who set it. */
      by: z.string(),
      at: z.iso.datetime(),
      fields: z.array(z.enum(['token', 'username'])),
      /** Absent before the first use. */
      lastUsedAt: z.iso.datetime().optional(),
      /** False when it was sealed with a key that is gone: set it again. */
      readable: z.boolean(),
    })
    .optional(),
});
export type CredentialState = z.infer<typeof credentialStateSchema>;
