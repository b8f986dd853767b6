import { type AuditorServiceCreateEventOptions } from '@backstage/backend-plugin-api';
import { type JsonObject, type JsonValue } from '@backstage/types';
import {
  type AuditAct,
  actNameSchema,
  isPersonRef,
} from '@portico/plugin-audit-common';
import { payloadDigest } from '@portico/plugin-audit-node';
import { PLATFORM_TENANT, isTenantId } from '@portico/plugin-tenancy-common';
import { bridgedAuditActs } from './auditActs';

/** What of an event's meta may be kept as it is; all else is a digest. */
const KEPT = [
  'entityRef',
  'templateRef',
  'taskId',
  'uid',
  'locationId',
] as const;

const MOST_CHARACTERS = 400;

/** An event of the stock auditor in the words of the audit. */
export interface DescribedEvent {
  act: AuditAct;
  subject: { kind: string; ref: string };
  details: JsonObject;
  payloadDigest?: string;
  /** Whom the event says that it is for, where no request tells. */
  onBehalfOf?: string;
  /** The tenant whose things it is about, where no request tells. */
  tenant: string;
}

/** Translates an event; of what it does not know it keeps a name and a digest. */
export function describeEvent(
  pluginId: string,
  event: Pick<
    AuditorServiceCreateEventOptions,
    'eventId' | 'meta' | 'severityLevel'
  >,
): DescribedEvent {
  const meta = event.meta ?? {};
  const details = keptOf(meta);
  const createdBy = textOf(meta.createdBy);
  const onBehalfOf =
    createdBy && isPersonRef(createdBy) ? createdBy : undefined;
  const rest = Object.fromEntries(
    Object.entries(meta).filter(
      ([key]) =>
        !(key in details) && !['actionType', 'queryType'].includes(key),
    ),
  );
  return {
    act: actOf(pluginId, event),
    subject: subjectOf(pluginId, details),
    details,
    ...(Object.keys(rest).length > 0 && { payloadDigest: digestOf(rest) }),
    ...(onBehalfOf && { onBehalfOf }),
    tenant: tenantOf(createdBy ?? textOf(meta.entityRef)),
  };
}

/** The meta that may be kept as it is. */
export function keptOf(meta: JsonObject | undefined): JsonObject {
  return Object.fromEntries(
    KEPT.flatMap(key => {
      const value = textOf(meta?.[key]);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function actOf(
  pluginId: string,
  event: Parameters<typeof describeEvent>[1],
): AuditAct {
  const verb = textOf(event.meta?.actionType) ?? textOf(event.meta?.queryType);
  const name = [pluginId, event.eventId, ...(verb ? [verb] : [])].join('.');
  const known = Object.values(bridgedAuditActs).find(act => act.name === name);
  return (
    known ?? {
      name: actNameSchema.safeParse(name).success ? name : 'audit.event.other',
      severity: event.severityLevel ?? 'medium',
      when: 'A plugin told the auditor of it.',
      fields: [],
    }
  );
}

function subjectOf(
  pluginId: string,
  details: JsonObject,
): DescribedEvent['subject'] {
  const { taskId, entityRef, templateRef } = details;
  if (typeof taskId === 'string') {
    return { kind: 'task', ref: taskId };
  }
  if (typeof entityRef === 'string') {
    return { kind: 'entity', ref: entityRef };
  }
  return typeof templateRef === 'string'
    ? { kind: 'template', ref: templateRef }
    : { kind: 'plugin', ref: `plugin:${pluginId}` };
}

/** The tenant of a ref; the platform where there is none. */
export function tenantOf(ref: string | undefined): string {
  const namespace = /^[^:/]+:([^:/]+)\/[^:/]+$/.exec(ref ?? '')?.[1];
  return namespace && isTenantId(namespace) ? namespace : PLATFORM_TENANT;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== ''
    ? value.slice(0, MOST_CHARACTERS)
    : undefined;
}

/** What has no canonical form is still told apart from nothing. */
function digestOf(value: JsonObject): string {
  try {
    return payloadDigest(value);
  } catch {
    return payloadDigest(JSON.stringify(value).replace(/[^\x20-\x7e]/g, '?'));
  }
}
