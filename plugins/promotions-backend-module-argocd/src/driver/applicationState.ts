import { redactSecrets } from '@portico/plugin-bindings-node';
import { type Observation } from '@portico/plugin-promotions-common';
import {
  type Application,
  type Operation,
  type SyncWindows,
} from '../client/application';

/** Name of the information in a sync that says which effect it is. */
export const EFFECT_INFO = 'portico/effect';
/** Name of the information in a sync that says which promotion asked for it. */
export const PROMOTION_INFO = 'portico/promotion';

const DIGEST = /^(.+?)(?::[^/@:]+)?@(sha256:[0-9a-f]{64})$/;

/** Whether an operation is the one of an effect. */
export function isOperationOf(
  operation: Operation | null | undefined,
  effectKey: string,
): boolean {
  return (
    operation?.info.some(
      ({ name, value }) => name === EFFECT_INFO && value === effectKey,
    ) ?? false
  );
}

/** Whether Argo CD makes changes true without being asked. */
export function isAutomatic({ spec }: Application): boolean {
  const automated = spec.syncPolicy?.automated;
  return Boolean(automated) && automated?.enabled !== false;
}

/** The commit of a result; of an application with several sources, whichever it is. */
export function hasRevision(
  result: { revision: string; revisions: string[] } | null | undefined,
  revision: string,
): boolean {
  return (
    result?.revision === revision ||
    (result?.revisions.includes(revision) ?? false)
  );
}

/** Images that run by digest; what runs by tag cannot be told apart. */
export function runningImages(
  application: Application,
): Observation['running'] {
  return imagesOf(application).flatMap(image => {
    const [, name, digest] = DIGEST.exec(image) ?? [];
    return name && digest ? [{ name, digest }] : [];
  });
}

/** Images that run by tag. */
export function taggedImages(application: Application): string[] {
  return imagesOf(application).filter(image => !DIGEST.test(image));
}

function imagesOf({ status }: Application): string[] {
  return [...new Set(status?.summary?.images ?? [])].slice(0, 100);
}

/** Health in the words of the portal. */
export function healthOf({ status }: Application): Observation['health'] {
  switch (status?.health?.status ?? '') {
    case 'Healthy':
      return 'healthy';
    case 'Progressing':
      return 'progressing';
    case 'Degraded':
      return 'degraded';
    case 'Suspended':
      return 'suspended';
    case 'Missing':
      return 'missing';
    default:
      return 'unknown';
  }
}

/** The commit that is live, where it can be told. */
export function liveRevision({ status }: Application): string | undefined {
  const { sync, operationState } = status ?? {};
  const synced = sync?.status === 'Synced' ? sync.revision : '';
  const last =
    operationState?.phase === 'Succeeded'
      ? operationState.syncResult?.revision
      : '';
  return synced || last || undefined;
}

/** What an application says of itself, in a sentence. */
export function describe(application: Application): string {
  const { sync, health, conditions = [] } = application.status ?? {};
  const tagged = taggedImages(application);
  const text = [
    `${sync?.status || 'Unknown'} and ${health?.status || 'Unknown'}`,
    ...(health?.message ? [health.message] : []),
    ...conditions
      .filter(({ type }) => type.endsWith('Error'))
      .slice(0, 2)
      .map(({ type, message }) => `${type}: ${message}`),
    ...(tagged.length > 0
      ? [
          `${tagged
            .slice(0, 3)
            .join(', ')} runs by tag, its digest is not known`,
        ]
      : []),
  ].join('; ');
  return redactSecrets(text.slice(0, 600)).text;
}

/**
 * What Argo CD says of its last operation. Of one that failed it says only how many things
 * did; what was wrong stands with each of them.
 */
export function describeOperation({ status }: Application): string {
  const { message = '', phase = '', syncResult } = status?.operationState ?? {};
  const failed = (syncResult?.resources ?? []).filter(
    resource =>
      resource.status === 'SyncFailed' ||
      ['Failed', 'Error'].includes(resource.hookPhase),
  );
  const text = [
    message || phase,
    ...failed
      .slice(0, 3)
      .map(
        resource =>
          `${resource.kind} ${
            resource.namespace ? `${resource.namespace}/` : ''
          }${resource.name}: ${resource.message.slice(0, 200)}`,
      ),
  ].join('; ');
  return redactSecrets(text.slice(0, 500)).text;
}

/** Why nothing may be synced now, and when it may. */
export function describeWindows({
  activeWindows,
  assignedWindows,
}: SyncWindows): string {
  const denying = activeWindows.filter(({ kind }) => kind === 'deny');
  const allowing = assignedWindows.filter(({ kind }) => kind === 'allow');
  const shown = (denying.length > 0 ? denying : allowing)
    .slice(0, 5)
    .map(
      ({ kind, schedule, duration }) => `${kind} '${schedule}' for ${duration}`,
    );
  return `A sync window of the project is closed${
    shown.length > 0 ? `: ${shown.join(', ')}` : ''
  }`;
}
