import { type DeploymentDiff } from '@portico/plugin-promotions-common';
import { type ManifestObject } from '../manifests/ManifestObject';
import { at, containersOf, textOf } from '../risks/podTemplate';
import { parseQuantity } from '../risks/quantity';
import { type PriceBook } from './PriceBook';

const GIBIBYTE = 2 ** 30;

/**
 * What the requests of all replicas cost in a month, before and after. Undefined where a
 * number of pods cannot be known, as of a DaemonSet, or where nothing is requested.
 */
export function estimateCost(
  before: readonly ManifestObject[],
  after: readonly ManifestObject[],
  prices: PriceBook | undefined,
): DeploymentDiff['cost'] {
  if (!prices) {
    return undefined;
  }
  const [old, fresh] = [costOf(before, prices), costOf(after, prices)];
  if (old === undefined || fresh === undefined || (old === 0 && fresh === 0)) {
    return undefined;
  }
  return {
    before: old,
    after: fresh,
    currency: prices.currency,
    source: `requests of CPU and memory times replicas; ${prices.source}`,
  };
}

function costOf(
  objects: readonly ManifestObject[],
  prices: PriceBook,
): number | undefined {
  let sum = 0;
  for (const object of objects) {
    const replicas = replicasOf(object);
    if (replicas === undefined) {
      return undefined;
    }
    for (const { path, content } of containersOf(object)) {
      // Init containers end before the others begin.
      if (!path.includes('.initContainers[')) {
        const request = (name: string) =>
          parseQuantity(textOf(at(content, `resources.requests.${name}`))) ?? 0;
        sum +=
          replicas *
          (request('cpu') * prices.cpuCoreMonth +
            (request('memory') / GIBIBYTE) * prices.memoryGibibyteMonth);
      }
    }
  }
  return Math.round(sum * 100) / 100;
}

function replicasOf({ kind, content }: ManifestObject): number | undefined {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'Rollout': {
      const replicas = at(content, 'spec.replicas');
      return typeof replicas === 'number' ? replicas : 1;
    }
    case 'Pod':
      return 1;
    case 'DaemonSet':
    case 'HorizontalPodAutoscaler':
      return undefined;
    // Jobs run for a while only, and everything else not at all.
    default:
      return 0;
  }
}
