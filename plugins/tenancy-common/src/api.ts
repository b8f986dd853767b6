import { z } from 'zod';
import {
  demoProgressSchema,
  groupSchema,
  machineTokenSchema,
  memberSchema,
  personaSchema,
  principalNameSchema,
  refusalSchema,
  sessionSchema,
  sourceLocationSchema,
  sourceNameSchema,
  sourceSchema,
  tenantSchema,
} from './model';

/** Body of `PUT /api/tenancy/tenants/:tenant/sources/:name`. */
export const putSourceSchema = z.strictObject({
  location: sourceLocationSchema,
});
export type PutSource = z.input<typeof putSourceSchema>;

/** Answer to `GET /api/tenancy/tenants`. */
export const tenantListSchema = z.object({ items: z.array(tenantSchema) });
export type TenantList = z.infer<typeof tenantListSchema>;

/** Answer to `GET /api/tenancy/personas`. */
export const personaListSchema = z.object({
  items: z.array(personaSchema),
  /** While the demo is not complete. */
  demo: demoProgressSchema.optional(),
});
export type PersonaList = z.infer<typeof personaListSchema>;

/** Answer to `GET /api/tenancy/tenants/:tenant/sources`. */
export const sourceListSchema = z.object({ items: z.array(sourceSchema) });
export type SourceList = z.infer<typeof sourceListSchema>;

/** Answer to `PUT /api/tenancy/tenants/:tenant/sources/:name`. */
export const putSourceResultSchema = z.object({
  source: sourceSchema,
  /** Only at creation: where pushes are announced, and the secret that signs them. */
  webhook: z.object({ url: z.url(), secret: z.string() }).optional(),
});
export type PutSourceResult = z.infer<typeof putSourceResultSchema>;

/**
 * A refusal with the source that it lies in: answer to
 * `GET /api/tenancy/tenants/:tenant/refusals` and `…/sources/:name/refusals`.
 */
export const sourceRefusalListSchema = z.object({
  items: z.array(refusalSchema.extend({ source: sourceNameSchema })),
});
export type SourceRefusalList = z.infer<typeof sourceRefusalListSchema>;

/** Answer to `GET /api/tenancy/tenants/:tenant/members`. */
export const memberListSchema = z.object({ items: z.array(memberSchema) });
export type MemberList = z.infer<typeof memberListSchema>;

/** Answer to `GET /api/tenancy/tenants/:tenant/groups`. */
export const groupListSchema = z.object({ items: z.array(groupSchema) });
export type GroupList = z.infer<typeof groupListSchema>;

/** Answer to `GET /api/tenancy/tenants/:tenant/tokens`. */
export const machineTokenListSchema = z.object({
  items: z.array(machineTokenSchema),
});
export type MachineTokenList = z.infer<typeof machineTokenListSchema>;

/** Answer to `POST /api/tenancy/tenants/:tenant/tokens`; the secret is shown once. */
export const createdMachineTokenSchema = z.object({
  /** `portico_<tenant>_<id>_<secret>` */
  token: z.string(),
  machineToken: machineTokenSchema,
});
export type CreatedMachineToken = z.infer<typeof createdMachineTokenSchema>;

/** Query of `GET /api/tenancy/tenants/:tenant/sessions`. */
export const sessionQuerySchema = z.strictObject({
  /** One member; all unless told. */
  member: principalNameSchema.optional(),
  /** `nextCursor` of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,12}\.[a-z0-9-]{1,63}$/, 'is no cursor of this list')
    .optional(),
});
export type SessionQuery = z.infer<typeof sessionQuerySchema>;

/** A page of sessions that are not over, newest first. */
export const sessionListSchema = z.object({
  items: z.array(sessionSchema),
  /** Hand it over to read on; missing at the end. */
  nextCursor: z.string().optional(),
});
export type SessionList = z.infer<typeof sessionListSchema>;

/** Body of `POST /api/tenancy/device/start`. */
export const startDeviceSchema = z.strictObject({
  /** What asks, in words for the person who approves. */
  client: z.string().min(1).max(100).default('portico CLI'),
});
export type StartDevice = z.input<typeof startDeviceSchema>;

/** Answer to `POST /api/tenancy/device/start`. */
export const deviceStartSchema = z.object({
  /** Secret of the device; it polls with it. */
  deviceCode: z.string(),
  /** What the person compares, as in `BCDF-GHJK`. */
  userCode: z.string(),
  /** The page to open, with the user code in it. */
  verificationUri: z.url(),
  /** Seconds between two polls. */
  interval: z.number().int().positive(),
  /** Seconds until the request ends. */
  expiresIn: z.number().int().positive(),
});
export type DeviceStart = z.infer<typeof deviceStartSchema>;

/** Answer to `GET /api/tenancy/device/requests/:userCode` and to approving it. */
export const deviceRequestSchema = z.object({
  userCode: z.string(),
  client: z.string(),
  status: z.enum(['pending', 'approved']),
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type DeviceRequest = z.infer<typeof deviceRequestSchema>;

/** Body of `POST /api/tenancy/device/approve`. */
export const approveDeviceSchema = z.strictObject({
  userCode: z
    .string()
    .regex(
      /^[B-Z]{4}-?[B-Z]{4}$/i,
      'must be the eight letters that the device shows, as in BCDF-GHJK',
    ),
});
export type ApproveDevice = z.infer<typeof approveDeviceSchema>;

/** Answer to a signed webhook: false when this delivery was seen before. */
export const webhookResultSchema = z.object({ accepted: z.boolean() });
export type WebhookResult = z.infer<typeof webhookResultSchema>;
