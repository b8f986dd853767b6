import { isError } from '@backstage/errors';
import {
  type DeliveryProgress,
  type SyncWindowsStanding,
} from '@portico/plugin-promotions-common';
import {
  type Answer,
  type ApplicationAddress,
  type ArgoCdClient,
} from '../client/ArgoCdClient';
import { type SyncWindows } from '../client/application';
import { describeWindows } from '../driver/applicationState';
import { refusalReason } from '../driver/refusalReason';
import { readRollouts } from './readRollouts';
import { rolloutProgress } from './rolloutProgress';

const MOST_WINDOWS = 20;

/** What can be told of an application's rollouts and windows; the rest is the problem. */
export async function readProgress(
  client: ArgoCdClient,
  address: ApplicationAddress,
  signal: AbortSignal,
): Promise<Pick<DeliveryProgress, 'problem' | 'rollouts' | 'windows'>> {
  const problems: string[] = [];
  const told = async <T>(asked: Promise<Answer<T>>): Promise<T | undefined> => {
    try {
      const answer = await asked;
      if (answer.outcome === 'answered') {
        return answer.value;
      }
      problems.push(refusalReason(address, answer));
    } catch (error) {
      problems.push(isError(error) ? error.message : 'unknown error');
    }
    return undefined;
  };
  const application = await told(client.application(address, signal));
  if (!application) {
    return { problem: problems.join('; '), rollouts: [] };
  }
  const [rollouts, windows] = await Promise.all([
    told(readRollouts(client, address, application, signal)),
    told(client.syncWindows(address, signal)),
  ]);
  return {
    ...(problems.length > 0 && { problem: [...new Set(problems)].join('; ') }),
    rollouts: (rollouts ?? []).map(rolloutProgress),
    ...(windows && { windows: standing(windows, address) }),
  };
}

function standing(
  windows: SyncWindows,
  { project }: ApplicationAddress,
): SyncWindowsStanding {
  const { canSync, activeWindows, assignedWindows } = windows;
  const sameAs = (one: SyncWindows['activeWindows'][number]) =>
    JSON.stringify([one.kind, one.schedule, one.duration]);
  const active = new Set(activeWindows.map(sameAs));
  const all = new Map(
    [...assignedWindows, ...activeWindows].map(one => [sameAs(one), one]),
  );
  return {
    open: canSync,
    reason: canSync
      ? `The sync windows of ${project} are open`
      : describeWindows(windows),
    windows: [...all.values()].slice(0, MOST_WINDOWS).map(one => ({
      kind: one.kind === 'deny' ? 'deny' : 'allow',
      schedule: one.schedule,
      duration: one.duration,
      active: active.has(sameAs(one)),
      manualSync: one.manualSync ?? false,
    })),
  };
}
