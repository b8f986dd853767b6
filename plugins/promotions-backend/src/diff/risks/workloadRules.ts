import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, type JsonValue } from '@backstage/types';
import { type Risk } from '@portico/plugin-promotions-common';
import { isObject, type ObjectChange } from '../manifests/ManifestObject';
import {
  at,
  type Container,
  containersOf,
  itemsOf,
  podSpecOf,
  textOf,
  textsOf,
} from './podTemplate';
import { parseQuantity } from './quantity';
import { difference, nameOf, risk, type RiskRule } from './RiskRule';

/** Replicas of a workload, and bounds of its autoscaler. */
export const replicas: RiskRule = change => {
  const { before, after } = change;
  if (!before || !after) {
    return [];
  }
  return ['replicas', 'minReplicas', 'maxReplicas'].flatMap(field => {
    const path = `spec.${field}`;
    const old = numberOf(at(before.content, path));
    const fresh = numberOf(at(after.content, path));
    if (old === fresh || (old === undefined && fresh === undefined)) {
      return [];
    }
    const what = field === 'replicas' ? 'Replicas' : field;
    return risk(
      change,
      'replicas',
      severityOfReplicas(old, fresh),
      `${what} of ${nameOf(change)} go from ${old ?? 'not set'} to ${
        fresh ?? 'not set'
      }`,
      path,
    );
  });
};

function severityOfReplicas(
  before: number | undefined,
  after: number | undefined,
): Risk['severity'] {
  if (after === 0) {
    return 'high';
  }
  const isFewer = (after ?? 1) < (before ?? 1);
  return isFewer || (after ?? 1) > 3 * Math.max(before ?? 1, 1)
    ? 'medium'
    : 'low';
}

/** Requests and limits of containers. */
export const resources: RiskRule = change =>
  pairedContainers(change).flatMap(({ before, after }) =>
    ['requests', 'limits'].flatMap(bound => {
      const of = (container: Container) => {
        const value = at(container.content, `resources.${bound}`);
        return isObject(value) ? value : {};
      };
      const [old, fresh] = [of(before), of(after)];
      return [...new Set([...Object.keys(old), ...Object.keys(fresh)])].flatMap(
        name => {
          const [was, is] = [textOf(old[name]), textOf(fresh[name])];
          if (was === is) {
            return [];
          }
          return risk(
            change,
            'resources',
            severityOfResource(was, is),
            `The ${bound} of ${name} of container ${after.name} in ${nameOf(
              change,
            )} go from ${was ?? 'none'} to ${is ?? 'none'}`,
            `${after.path}.resources.${bound}.${name}`,
          );
        },
      );
    }),
  );

function severityOfResource(
  before: string | undefined,
  after: string | undefined,
): Risk['severity'] {
  const [was, is] = [parseQuantity(before), parseQuantity(after)];
  if (was === undefined || is === undefined) {
    return after === undefined ? 'medium' : 'low';
  }
  return is > 2 * was || is < was / 2 ? 'medium' : 'low';
}

/** Volumes of pods, claims and their sizes. */
export const volumes: RiskRule = change => {
  const { before, after } = change;
  const claims =
    after?.kind === 'PersistentVolumeClaim' && before
      ? changedFields(change, ['spec.resources', 'spec.storageClassName'])
      : [];
  const path = `${podSpecOf(after)?.path ?? 'spec'}.volumes`;
  const old = byName(podSpecOf(before)?.content.volumes);
  const fresh = byName(podSpecOf(after)?.content.volumes);
  const names = after ? [...new Set([...old.keys(), ...fresh.keys()])] : [];
  return [
    ...claims.flatMap(field =>
      risk(
        change,
        'volumes',
        'medium',
        `${nameOf(change)} changes ${field}`,
        field,
      ),
    ),
    ...names.flatMap(name => {
      const [was, is] = [old.get(name), fresh.get(name)];
      if (isDeepStrictEqual(was, is)) {
        return [];
      }
      const isHost = isObject(is?.hostPath);
      return risk(
        change,
        'volumes',
        isHost ? 'high' : 'medium',
        isHost
          ? `Volume ${name} of ${nameOf(change)} is a folder of the node`
          : `Volume ${name} of ${nameOf(change)} is ${verb(was, is)}`,
        `${path}[${name}]`,
      );
    }),
  ];
};

/** Images that a name or tag stands for, which may change without a promotion. */
export const imageNotByDigest: RiskRule = change =>
  containersOf(change.after).flatMap(({ name, path, content }) => {
    const image = textOf(content.image);
    return image === undefined || /@sha256:[0-9a-f]{64}$/.test(image)
      ? []
      : risk(
          change,
          'imageNotByDigest',
          'medium',
          `Container ${name} of ${nameOf(change)} runs ${
            image || 'no image'
          }, which is not named by digest`,
          `${path}.image`,
        );
  });

/** What containers and pods may do. */
export const securityContext: RiskRule = change => {
  const after = podSpecOf(change.after);
  if (!after) {
    return [];
  }
  const before = podSpecOf(change.before);
  const old = containersOf(change.before);
  return [
    ...contextRisks(change, before?.content, after.content, {
      path: after.path,
      what: 'pods',
    }),
    ...containersOf(change.after).flatMap(container =>
      contextRisks(
        change,
        old.find(({ path }) => path === container.path)?.content,
        container.content,
        { path: container.path, what: `container ${container.name}` },
      ),
    ),
  ];
};

const hostMembers = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

function contextRisks(
  change: ObjectChange,
  before: JsonObject | undefined,
  after: JsonObject,
  { path, what }: { path: string; what: string },
): Risk[] {
  const context = 'securityContext';
  const [old, fresh] = [before && at(before, context), at(after, context)].map(
    value => (isObject(value) ? value : {}),
  );
  const hosts = hostMembers.flatMap(member =>
    after[member] === true && before?.[member] !== true
      ? risk(
          change,
          context,
          'high',
          `The ${what} of ${nameOf(change)} get ${member}`,
          `${path}.${member}`,
        )
      : [],
  );
  const changed = isDeepStrictEqual(old, fresh)
    ? []
    : risk(
        change,
        context,
        isWeaker(old ?? {}, fresh ?? {}) ? 'high' : 'low',
        isWeaker(old ?? {}, fresh ?? {})
          ? `The ${what} of ${nameOf(change)} may do more than before`
          : `The ${context} of the ${what} of ${nameOf(change)} changes`,
        `${path}.${context}`,
      );
  // What is new and strict is nothing to look at.
  return [
    ...hosts,
    ...(before || changed.some(({ severity }) => severity === 'high')
      ? changed
      : []),
  ];
}

function isWeaker(before: JsonObject, after: JsonObject): boolean {
  const gained = (path: string) =>
    at(after, path) === true && at(before, path) !== true;
  const lost = (path: string) =>
    at(before, path) === true && at(after, path) !== true;
  const capabilities = difference(
    textsOf(at(before, 'capabilities.add')),
    textsOf(at(after, 'capabilities.add')),
  );
  const drops = difference(
    textsOf(at(before, 'capabilities.drop')),
    textsOf(at(after, 'capabilities.drop')),
  );
  return (
    gained('privileged') ||
    gained('allowPrivilegeEscalation') ||
    (at(before, 'allowPrivilegeEscalation') === false &&
      at(after, 'allowPrivilegeEscalation') === undefined) ||
    lost('runAsNonRoot') ||
    lost('readOnlyRootFilesystem') ||
    (at(after, 'runAsUser') === 0 && at(before, 'runAsUser') !== 0) ||
    capabilities.added.length > 0 ||
    drops.removed.length > 0 ||
    (at(after, 'seccompProfile.type') === 'Unconfined' &&
      at(before, 'seccompProfile.type') !== 'Unconfined')
  );
}

/** Containers that are there before and after. */
function pairedContainers({
  before,
  after,
}: ObjectChange): Array<{ before: Container; after: Container }> {
  const old = containersOf(before);
  return containersOf(after).flatMap(container => {
    const partner = old.find(({ path }) => path === container.path);
    return partner ? [{ before: partner, after: container }] : [];
  });
}

function changedFields(
  { before, after }: ObjectChange,
  paths: readonly string[],
): string[] {
  return paths.filter(
    path =>
      !isDeepStrictEqual(at(before?.content, path), at(after?.content, path)),
  );
}

function byName(value: JsonValue | undefined): Map<string, JsonObject> {
  return new Map(
    itemsOf(value).map((item, index) => [
      textOf(item.name) ?? String(index),
      item,
    ]),
  );
}

function verb(before: unknown, after: unknown): string {
  if (before === undefined) {
    return 'added';
  }
  return after === undefined ? 'removed' : 'changed';
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
