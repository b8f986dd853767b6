import {
  type EnvironmentState,
  type EnvironmentStatus,
  LOCAL_RUNTIME_NAME,
} from '@portico/plugin-local-runtime-common';
import { type BoardRow } from '@portico/plugin-promotions-common';

type BoardCell = BoardRow['cells'][number];

/** How something is that runs, whoever tells it. */
export type DeployedState =
  | EnvironmentState
  | BoardCell['health']
  | 'sampleOnly';

/** What is deployed of a component in one environment, and how it is. */
export interface DeployedEnvironment {
  environment: string;
  state: DeployedState;
  /** As deliveries know it; the local runtime is asked for its state only. */
  version?: string;
  deployedAt?: string;
  /** Why it is so. */
  reason?: string;
  /** Who was asked how it is: `local runtime`, `Argo CD main`. */
  source?: string;
}

type Tone = 'good' | 'bad' | 'busy' | 'quiet';

/** How a state looks; what it is stands beside it in words. */
export const stateTones: Record<DeployedState, Tone> = {
  notDeclared: 'quiet',
  stopped: 'quiet',
  sleeping: 'quiet',
  starting: 'busy',
  running: 'good',
  unhealthy: 'bad',
  crashing: 'bad',
  failed: 'bad',
  healthy: 'good',
  progressing: 'busy',
  degraded: 'bad',
  suspended: 'quiet',
  missing: 'bad',
  unknown: 'quiet',
  sampleOnly: 'quiet',
};

/** What promotions know of an environment: what they brought, and what was seen there. */
export function ofDelivery(cell: BoardCell): DeployedEnvironment {
  const { environment, version, deployedAt, observed, sampleOnly } = cell;
  if (deployedAt === undefined) {
    return { environment, state: sampleOnly ? 'sampleOnly' : 'notDeclared' };
  }
  return {
    environment,
    state: cell.health,
    ...(version !== undefined && { version }),
    deployedAt,
    ...(observed && { source: observed.source, reason: observed.reason }),
  };
}

/** What the local runtime knows of an environment. */
export function ofRuntime(status: EnvironmentStatus): DeployedEnvironment {
  const { environment, state, reason } = status;
  return {
    environment,
    state,
    ...(reason && { reason: reason.message }),
    source: LOCAL_RUNTIME_NAME,
  };
}
