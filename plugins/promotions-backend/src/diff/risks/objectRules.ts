import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, type JsonValue } from '@backstage/types';
import { type Risk } from '@portico/plugin-promotions-common';
import {
  isObject,
  type ManifestObject,
  type ObjectChange,
} from '../manifests/ManifestObject';
import { at, itemsOf, podSpecOf, textOf, textsOf } from './podTemplate';
import { difference, nameOf, objectOf, risk, type RiskRule } from './RiskRule';

const RBAC = 'rbac.authorization.k8s.io';
/** What is gone with them cannot be made again. */
const precious: ReadonlySet<string> = new Set([
  'CustomResourceDefinition',
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StatefulSet',
]);
const working: ReadonlySet<string> = new Set([
  'Deployment',
  'DaemonSet',
  'CronJob',
  'Rollout',
]);

/** Objects that are gone afterwards. */
export const deletion: RiskRule = change => {
  const { before, after } = change;
  if (!before || after) {
    return [];
  }
  return risk(
    change,
    'deletion',
    severityOfDeletion(before.kind),
    `${nameOf(change)} is deleted`,
  );
};

function severityOfDeletion(kind: string): Risk['severity'] {
  if (precious.has(kind) || working.has(kind)) {
    return 'high';
  }
  return kind === 'ConfigMap' ? 'low' : 'medium';
}

/** Definitions of kinds. */
export const crd: RiskRule = change =>
  objectOf(change)?.kind === 'CustomResourceDefinition' && change.after
    ? risk(
        change,
        'crd',
        change.before ? 'high' : 'medium',
        `${nameOf(change)} is ${change.before ? 'changed' : 'added'}`,
      )
    : [];

/** Who may do what in the cluster, and as whom pods act. */
export const rbac: RiskRule = change => {
  const object = objectOf(change);
  const rights = object?.group === RBAC ? rightsRisk(change, object) : [];
  const account = (of: ManifestObject | undefined) =>
    textOf(podSpecOf(of)?.content.serviceAccountName) ?? 'default';
  const path = podSpecOf(change.after)?.path;
  const acts =
    change.before && path && account(change.before) !== account(change.after)
      ? risk(
          change,
          'rbac',
          'medium',
          `${nameOf(change)} acts as ${account(
            change.after,
          )} instead of ${account(change.before)}`,
          `${path}.serviceAccountName`,
        )
      : [];
  return [...rights, ...acts];
};

function rightsRisk(change: ObjectChange, object: ManifestObject): Risk[] {
  const wide =
    change.after !== undefined &&
    (object.kind.startsWith('Cluster') ||
      itemsOf(change.after.content.rules).some(rule =>
        ['verbs', 'resources', 'apiGroups'].some(member =>
          textsOf(rule[member]).includes('*'),
        ),
      ) ||
      ['cluster-admin', 'admin'].includes(
        textOf(at(change.after.content, 'roleRef.name')) ?? '',
      ));
  return risk(
    change,
    'rbac',
    wide ? 'high' : 'medium',
    `Rights change: ${nameOf(change)} is ${changeOf(change)}`,
  );
}

/** What may talk to what. */
export const network: RiskRule = change => {
  const object = objectOf(change);
  if (object?.kind === 'NetworkPolicy') {
    return risk(
      change,
      'network',
      severityOfPolicy(change),
      `${nameOf(change)} is ${changeOf(change)}`,
    );
  }
  if (object?.kind !== 'Service' || object.group !== '') {
    return [];
  }
  const typeOf = (of: ManifestObject | undefined) =>
    of && (textOf(at(of.content, 'spec.type')) ?? 'ClusterIP');
  const [before, after] = [typeOf(change.before), typeOf(change.after)];
  const isOpen = after === 'LoadBalancer' || after === 'NodePort';
  return after === undefined || before === after || (!before && !isOpen)
    ? []
    : risk(
        change,
        'network',
        isOpen ? 'high' : 'medium',
        `${nameOf(change)} becomes ${after}${
          isOpen ? ', which is reached from outside of the cluster' : ''
        }`,
        'spec.type',
      );
};

function severityOfPolicy({ before, after }: ObjectChange): Risk['severity'] {
  if (!after) {
    return 'high';
  }
  return before ? 'medium' : 'low';
}

/** Host names that are reached from outside, and their encryption. */
export const ingress: RiskRule = change => {
  const object = objectOf(change);
  if (!object || !['Ingress', 'HTTPRoute', 'Route'].includes(object.kind)) {
    return [];
  }
  const { added, removed } = difference(
    hostsOf(change.before),
    hostsOf(change.after),
  );
  const hadTls = itemsOf(at(change.before?.content, 'spec.tls')).length > 0;
  const hasTls = itemsOf(at(change.after?.content, 'spec.tls')).length > 0;
  return [
    ...added.flatMap(host =>
      risk(
        change,
        'ingress',
        'medium',
        `${nameOf(change)} answers ${host} now`,
      ),
    ),
    ...removed.flatMap(host =>
      risk(
        change,
        'ingress',
        'high',
        `${nameOf(change)} does not answer ${host} any more`,
      ),
    ),
    ...(hadTls && change.after && !hasTls
      ? risk(
          change,
          'ingress',
          'high',
          `${nameOf(change)} is not encrypted any more`,
          'spec.tls',
        )
      : []),
  ];
};

function hostsOf(object: ManifestObject | undefined): string[] {
  return [
    ...itemsOf(at(object?.content, 'spec.rules')).map(
      rule => textOf(rule.host) ?? 'every host',
    ),
    ...textsOf(at(object?.content, 'spec.hostnames')),
    ...[textOf(at(object?.content, 'spec.host')) ?? []].flat(),
  ];
}

/** Secrets that change, and references to them. */
export const secrets: RiskRule = change => {
  const object = objectOf(change);
  const own =
    object?.kind === 'Secret' && object.group === '' && change.after
      ? risk(
          change,
          'secrets',
          'medium',
          `${nameOf(change)} is ${changeOf(change)}`,
        )
      : [];
  const { added, removed } = difference(
    secretsOf(change.before),
    change.after ? secretsOf(change.after) : secretsOf(change.before),
  );
  const path = podSpecOf(change.after)?.path;
  return [
    ...own,
    ...added.flatMap(name =>
      risk(
        change,
        'secrets',
        change.before ? 'medium' : 'low',
        `${nameOf(change)} uses ${name}`,
        path,
      ),
    ),
    ...removed.flatMap(name =>
      risk(
        change,
        'secrets',
        'low',
        `${nameOf(change)} does not use ${name} any more`,
        path,
      ),
    ),
  ];
};

/** Names of the secrets that the pods of an object use, and of which what. */
function secretsOf(object: ManifestObject | undefined): string[] {
  const found: string[] = [];
  const visit = (value: JsonValue | undefined): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    if (!isObject(value)) {
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      const name = referenceOf(key, member);
      if (name !== undefined) {
        found.push(`secret ${name}`);
      }
      visit(member);
    }
  };
  visit(podSpecOf(object)?.content);
  return found;
}

function referenceOf(
  key: string,
  member: JsonValue | undefined,
): string | undefined {
  const value: JsonObject = isObject(member) ? member : {};
  switch (key) {
    case 'secretKeyRef':
      return value.name === undefined
        ? undefined
        : `${textOf(value.name)}, key ${textOf(value.key)}`;
    case 'secretRef':
      return textOf(value.name);
    case 'secret':
      return textOf(value.secretName) ?? textOf(value.name);
    default:
      return undefined;
  }
}

function changeOf({ before, after }: ObjectChange): string {
  if (!before) {
    return 'added';
  }
  return after ? 'changed' : 'removed';
}

/** Tells whether there is anything to look at. */
export function isChanged({ before, after }: ObjectChange): boolean {
  return !isDeepStrictEqual(before?.content, after?.content);
}
