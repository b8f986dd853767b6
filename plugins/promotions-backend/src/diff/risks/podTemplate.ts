import { type JsonObject, type JsonValue } from '@backstage/types';
import { isObject, type ManifestObject } from '../manifests/ManifestObject';

/** A container of a workload, with what rules look at. */
export interface Container {
  name: string;
  /** Where it stands, `spec.template.spec.containers[service]`. */
  path: string;
  content: JsonObject;
}

const workloads: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'Rollout',
]);

/** The specification of the pods that an object makes, and where it stands. */
export function podSpecOf(
  object: ManifestObject | undefined,
): { path: string; content: JsonObject } | undefined {
  if (!object) {
    return undefined;
  }
  const path = pathOfPods(object.kind);
  const content = path && at(object.content, path);
  return path && isObject(content) ? { path, content } : undefined;
}

function pathOfPods(kind: string): string | undefined {
  if (kind === 'Pod') {
    return 'spec';
  }
  if (kind === 'CronJob') {
    return 'spec.jobTemplate.spec.template.spec';
  }
  return workloads.has(kind) ? 'spec.template.spec' : undefined;
}

/** Containers of an object's pods, those that run first included. */
export function containersOf(object: ManifestObject | undefined): Container[] {
  const pods = podSpecOf(object);
  return ['initContainers', 'containers'].flatMap(list =>
    itemsOf(pods?.content[list]).map((content, index) => {
      const name = textOf(content.name) ?? String(index);
      return { name, path: `${pods?.path}.${list}[${name}]`, content };
    }),
  );
}

/** The value at a path of members, without lists. */
export function at(
  object: JsonObject | undefined,
  path: string,
): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const name of path.split('.')) {
    value =
      isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

/** The objects in a list; everything else in it is left out. */
export function itemsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text, or a number or boolean as one. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** Texts in a list. */
export function textsOf(value: JsonValue | undefined): string[] {
  return (Array.isArray(value) ? value : []).flatMap(
    item => textOf(item) ?? [],
  );
}
