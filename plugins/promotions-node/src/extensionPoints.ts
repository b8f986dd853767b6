import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { type DeliveryDriver } from './DeliveryDriver';
import { type DeploymentRepositoryHost } from './DeploymentRepository';
import { type CheckSource, type Gate } from './Gate';
import { type SourceRepositoryHost } from './SourceRepository';

/** Adds kinds of gates, and sources of checks; a kind or name can be added once. */
export interface PromotionsGatesExtensionPoint {
  addGate(gate: Gate): void;
  addCheckSource(source: CheckSource): void;
}

/** Where modules add kinds of gates. */
export const promotionsGatesExtensionPoint =
  createExtensionPoint<PromotionsGatesExtensionPoint>({
    id: 'promotions.gates',
  });

/** Adds what makes deployments true, and hosts of deployment and source repositories. */
export interface PromotionsDeliveryExtensionPoint {
  addDriver(driver: DeliveryDriver): void;
  addRepositoryHost(host: DeploymentRepositoryHost): void;
  addSourceHost(host: SourceRepositoryHost): void;
}

/** Where modules add drivers and hosts. */
export const promotionsDeliveryExtensionPoint =
  createExtensionPoint<PromotionsDeliveryExtensionPoint>({
    id: 'promotions.delivery',
  });
