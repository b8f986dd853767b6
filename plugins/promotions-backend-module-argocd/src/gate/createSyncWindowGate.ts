import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { defineGate, type Gate } from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { type ArgoCdClient } from '../client/ArgoCdClient';
import { type ApplicationResolver } from '../driver/ApplicationResolver';
import { describeWindows } from '../driver/applicationState';
import { refusalReason } from '../driver/refusalReason';

const CLOSED_MS = 5 * 60_000;

/**
 * The gate `syncWindow`: waits while a sync window of the Argo CD project is closed, before
 * anything is written. The driver looks again right before it asks for a sync.
 */
export function createSyncWindowGate(options: {
  client: ArgoCdClient;
  resolver: ApplicationResolver;
}): Gate {
  const { client, resolver } = options;
  return defineGate({
    kind: 'syncWindow',
    options: z.strictObject({}),
    async evaluate({ tenant, promotion, stage, now, signal }) {
      const { delivery } = stage.environment;
      if (delivery.driver !== 'argocd') {
        throw new InputError(
          `The gate syncWindow is for environments with the driver argocd; ${promotion.environment} has ${delivery.driver}`,
        );
      }
      const resolved = await resolver.resolve(
        {
          tenant,
          component: promotion.component,
          environment: promotion.environment,
          delivery,
        },
        'read',
      );
      if (resolved.outcome === 'none') {
        throw new ServiceUnavailableError(resolved.reason);
      }
      const { address } = resolved;
      const answer = await client.syncWindows(address, signal);
      if (answer.outcome === 'refused') {
        throw new ServiceUnavailableError(refusalReason(address, answer));
      }
      const { canSync, activeWindows, assignedWindows } = answer.value;
      const evidence = {
        application: address.name,
        canSync,
        activeWindows: activeWindows.slice(0, 20).map(toJson),
        assignedWindows: assignedWindows.slice(0, 20).map(toJson),
      };
      return canSync
        ? {
            outcome: 'passed',
            reason: `The sync windows of ${address.project} are open`,
            evidence,
          }
        : {
            outcome: 'waiting',
            reason: describeWindows(answer.value),
            evidence,
            askAgainAt: new Date(now.getTime() + CLOSED_MS),
          };
    },
  });
}

function toJson(window: {
  kind: string;
  schedule: string;
  duration: string;
  manualSync?: boolean | null;
}) {
  return { ...window, manualSync: window.manualSync ?? false };
}
