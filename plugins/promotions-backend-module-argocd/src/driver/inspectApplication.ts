import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, type JsonValue } from '@backstage/types';
import { isSecretName, redactSecrets } from '@portico/plugin-bindings-node';
import { type Observation } from '@portico/plugin-promotions-common';
import {
  type DeliveredResource,
  type DeliveryInspection,
} from '@portico/plugin-promotions-node';
import {
  type Application,
  type ApplicationResource,
  type ManagedResources,
} from '../client/application';
import { describeOperation, isAutomatic } from './applicationState';

const MOST_RESOURCES = 100;
const MOST_FIELDS = 10;
const LONGEST_VALUE = 200;

/** What an application tells for finding drift, and the fields that differ. */
export function inspectApplication(
  application: Application,
  managed: ManagedResources,
  observation: Observation,
): DeliveryInspection {
  const { sync, reconciledAt, conditions = [] } = application.status ?? {};
  const lastOperation = lastOperationOf(application);
  const comparedRevision = sync?.revision || sync?.revisions[0];
  return {
    observation,
    sync: syncOf(sync?.status),
    ...(comparedRevision && { comparedRevision }),
    ...(reconciledAt && { comparedAt: new Date(reconciledAt).toISOString() }),
    automatic: isAutomatic(application),
    ...(lastOperation && { lastOperation }),
    resources: (application.status?.resources ?? [])
      .slice(0, MOST_RESOURCES)
      .map(resource => deliveredResource(resource, managed)),
    problems: conditions
      .filter(({ type }) => type.endsWith('Error'))
      .slice(0, 5)
      .map(
        ({ type, message }) =>
          redactSecrets(`${type}: ${message}`.slice(0, 500)).text,
      ),
  };
}

function syncOf(status = ''): DeliveryInspection['sync'] {
  switch (status) {
    case 'Synced':
      return 'synced';
    case 'OutOfSync':
      return 'outOfSync';
    default:
      return 'unknown';
  }
}

function lastOperationOf(
  application: Application,
): DeliveryInspection['lastOperation'] {
  const state = application.status?.operationState;
  if (!state) {
    return undefined;
  }
  const { username, automated } = state.operation?.initiatedBy ?? {};
  const revision = state.syncResult?.revision;
  return {
    result: resultOf(state.phase),
    ...(revision && { revision }),
    ...(state.finishedAt && {
      finishedAt: new Date(state.finishedAt).toISOString(),
    }),
    by: automated ? 'automatic' : username || 'unknown',
    message: describeOperation(application),
  };
}

function resultOf(phase: string) {
  switch (phase) {
    case 'Succeeded':
      return 'succeeded';
    case 'Failed':
    case 'Error':
      return 'failed';
    default:
      return 'running';
  }
}

function deliveredResource(
  resource: ApplicationResource,
  { items }: ManagedResources,
): DeliveredResource {
  const { group, kind, namespace, name } = resource;
  const managed = items.find(
    item =>
      item.group === group &&
      item.kind === kind &&
      item.namespace === namespace &&
      item.name === name,
  );
  const state = stateOf(resource);
  return {
    resource: `${group ? `${group}/` : ''}${kind} ${
      namespace ? `${namespace}/` : ''
    }${name}`,
    state,
    fields:
      managed && state === 'differs' && kind !== 'Secret'
        ? differences(
            parse(managed.predictedLiveState),
            parse(managed.normalizedLiveState),
          ).slice(0, MOST_FIELDS)
        : [],
  };
}

function stateOf(resource: ApplicationResource): DeliveredResource['state'] {
  if (resource.requiresPruning) {
    return 'orphaned';
  }
  if (resource.health?.status === 'Missing') {
    return 'missing';
  }
  return resource.status === 'OutOfSync' ? 'differs' : 'synced';
}

type Field = DeliveredResource['fields'][number];

/** Fields of which the declared value differs from the live one; no secret ones. */
export function differences(
  declared: JsonValue | undefined,
  live: JsonValue | undefined,
  path = '',
): Field[] {
  if (isDeepStrictEqual(declared, live)) {
    return [];
  }
  if (isObject(declared) && isObject(live)) {
    return [...new Set([...Object.keys(declared), ...Object.keys(live)])]
      .sort()
      .flatMap(key =>
        differences(declared[key], live[key], path ? `${path}.${key}` : key),
      );
  }
  if (Array.isArray(declared) && Array.isArray(live)) {
    return Array.from(
      { length: Math.max(declared.length, live.length) },
      (_, index) =>
        differences(declared[index], live[index], `${path}[${index}]`),
    ).flat();
  }
  // The name of a variable stands beside its value, so no value of one is shown.
  const isSecret = isSecretName(path) || /\.env\[\d+\]/.test(path);
  const [was, is] = [shown(declared), shown(live)];
  return [
    {
      path,
      ...(!isSecret && was !== undefined && { declared: was }),
      ...(!isSecret && is !== undefined && { live: is }),
    },
  ];
}

function shown(value: JsonValue | undefined): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return typeof value === 'object' && value !== null
    ? '(more than one value)'
    : redactSecrets(text.slice(0, LONGEST_VALUE)).text;
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? withoutNoise(value) : undefined;
  } catch {
    return undefined;
  }
}

function withoutNoise({
  status: _,
  metadata,
  ...rest
}: JsonObject): JsonObject {
  if (!isObject(metadata)) {
    return rest;
  }
  const {
    managedFields: _fields,
    resourceVersion: _version,
    generation: _generation,
    uid: _uid,
    creationTimestamp: _created,
    annotations,
    ...kept
  } = metadata;
  return {
    ...rest,
    metadata: {
      ...kept,
      ...(isObject(annotations) && {
        annotations: Object.fromEntries(
          Object.entries(annotations).filter(
            ([name]) => !name.startsWith('kubectl.kubernetes.io/'),
          ),
        ),
      }),
    },
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
