import { type Risk } from '@portico/plugin-promotions-common';
import { type ObjectChange } from '../manifests/ManifestObject';
import { crd, deletion, ingress, network, rbac, secrets } from './objectRules';
import { type RiskRule } from './RiskRule';
import {
  imageNotByDigest,
  replicas,
  resources,
  securityContext,
  volumes,
} from './workloadRules';

/** Risks that are told of one diff; the gravest ones. */
const MOST_RISKS = 200;

const rules: readonly RiskRule[] = [
  deletion,
  rbac,
  securityContext,
  network,
  ingress,
  crd,
  secrets,
  volumes,
  replicas,
  resources,
  imageNotByDigest,
];

const ranks: Readonly<Record<Risk['severity'], number>> = {
  high: 0,
  medium: 1,
  low: 2,
};

/** What of the changed objects should be looked at, the gravest first. */
export function assessRisks(changes: readonly ObjectChange[]): Risk[] {
  return changes
    .flatMap(change => rules.flatMap(rule => rule(change)))
    .sort((one, other) => ranks[one.severity] - ranks[other.severity])
    .slice(0, MOST_RISKS);
}
