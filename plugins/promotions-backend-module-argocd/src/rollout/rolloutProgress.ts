import { redactSecrets } from '@portico/plugin-bindings-node';
import {
  type RolloutPosition,
  type RolloutProgress,
} from '@portico/plugin-promotions-common';
import { type Rollout, type RolloutStep } from '../client/rollout';

const MOST_STEPS = 50;
const WORKLOAD_GENERATION = 'rollout.argoproj.io/workload-generation';
const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** How far a rollout is, in the words of the portal. */
export function rolloutProgress(rollout: Rollout): RolloutProgress {
  const { spec, status } = rollout;
  const isCanary = !spec.strategy?.blueGreen;
  const state = stateOf(rollout);
  const position = positionOf(rollout);
  const { activeSelector, previewSelector } = status?.blueGreen ?? {};
  return {
    name: nameOf(rollout),
    strategy: isCanary ? 'canary' : 'blueGreen',
    state,
    reason: describe(rollout, state),
    ...(position && { position }),
    steps: stepsOf(rollout).slice(0, MOST_STEPS).map(stepInWords),
    ...(isCanary && { weight: weightOf(rollout, state) }),
    ...(state === 'paused' && pauseOf(rollout)),
    ...(!isCanary &&
      status?.blueGreen && {
        blueGreen: {
          ...(activeSelector && { active: activeSelector }),
          ...(previewSelector && { preview: previewSelector }),
        },
      }),
  };
}

/** Where a rollout is; undefined until its controller has seen what is declared. */
export function positionOf(rollout: Rollout): RolloutPosition | undefined {
  const { status } = rollout;
  if (!status?.currentPodHash || !isObserved(rollout)) {
    return undefined;
  }
  return {
    pods: status.currentPodHash.slice(0, 63),
    ...(stepsOf(rollout).length > 0 && { step: status.currentStepIndex ?? 0 }),
  };
}

/** Whether the new is all there is: nothing of it can be held or taken back any more. */
export function isFullyPromoted({ status }: Rollout): boolean {
  return (
    Boolean(status?.currentPodHash) &&
    status?.currentPodHash === status?.stableRS
  );
}

/** Whether it stands still until a time, or until somebody lets it go on. */
export function isPaused({ spec, status }: Rollout): boolean {
  return Boolean(spec.paused) || (status?.pauseConditions.length ?? 0) > 0;
}

/** `shop/checkout` */
export function nameOf({ metadata }: Rollout): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function stateOf(rollout: Rollout): RolloutProgress['state'] {
  const { status } = rollout;
  if (!isObserved(rollout)) {
    return 'progressing';
  }
  if (status?.abort) {
    return 'aborted';
  }
  if (status?.phase === 'Degraded') {
    return 'degraded';
  }
  if (isPaused(rollout)) {
    return 'paused';
  }
  return status?.phase === 'Healthy' && isFullyPromoted(rollout)
    ? 'healthy'
    : 'progressing';
}

/** What its controller says is of what is declared now, not of what was before. */
function isObserved({ metadata, spec, status }: Rollout): boolean {
  const seen = Number(status?.observedGeneration);
  const workload = metadata.annotations?.[WORKLOAD_GENERATION];
  return (
    status !== undefined &&
    status !== null &&
    (!Number.isFinite(seen) ||
      seen > (metadata.generation ?? 0) ||
      seen === metadata.generation) &&
    (!spec.workloadRef ||
      workload === undefined ||
      workload === status.workloadObservedGeneration)
  );
}

function stepsOf({ spec }: Rollout): RolloutStep[] {
  return spec.strategy?.canary?.steps ?? [];
}

/** As its controller routes it, or else as the steps that are done want it. */
function weightOf(rollout: Rollout, state: RolloutProgress['state']): number {
  const { status } = rollout;
  if (state === 'aborted') {
    return 0;
  }
  const steps = stepsOf(rollout);
  const done = status?.currentStepIndex ?? 0;
  if (isFullyPromoted(rollout) || (steps.length > 0 && done >= steps.length)) {
    return 100;
  }
  const routed = status?.canary?.weights?.canary.weight;
  // The weight of a step is set while it is the current one, too.
  const declared = steps
    .slice(0, done + 1)
    .findLast(({ setWeight }) => typeof setWeight === 'number')?.setWeight;
  return Math.min(100, Math.max(0, routed ?? declared ?? 0));
}

function pauseOf(rollout: Rollout): {
  pausedSince?: string;
  pausedUntil?: string;
} {
  const { spec, status } = rollout;
  const since = Date.parse(status?.pauseConditions[0]?.startTime ?? '');
  if (Number.isNaN(since)) {
    return {};
  }
  const seconds = spec.paused
    ? undefined
    : secondsOf(
        stepsOf(rollout)[status?.currentStepIndex ?? 0]?.pause?.duration,
      );
  return {
    pausedSince: new Date(since).toISOString(),
    ...(seconds !== undefined && {
      pausedUntil: new Date(since + seconds * 1_000).toISOString(),
    }),
  };
}

/** Of `600`, `"600"`, `10m` or `1h30m`; undefined for a pause without end. */
export function secondsOf(
  duration: string | number | null | undefined,
): number | undefined {
  if (duration === null || duration === undefined || duration === '') {
    return undefined;
  }
  const seconds = Number(duration);
  if (!Number.isNaN(seconds)) {
    return seconds > 0 ? seconds : undefined;
  }
  const parts = [...String(duration).matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  const isWhole = parts.map(([part]) => part).join('') === duration;
  const sum = parts.reduce(
    (total, [, amount, unit]) =>
      total + Number(amount) * (UNITS[unit ?? ''] ?? 0),
    0,
  );
  return isWhole && sum > 0 ? sum : undefined;
}

function stepInWords({ setWeight, pause, ...others }: RolloutStep): string {
  if (typeof setWeight === 'number') {
    return `${setWeight} %`;
  }
  if (pause) {
    return pause.duration ? `pause ${pause.duration}` : 'pause';
  }
  return Object.keys(others)[0]?.slice(0, 40) ?? 'step';
}

function describe(rollout: Rollout, state: RolloutProgress['state']): string {
  const { status, spec } = rollout;
  const said = redactSecrets((status?.message ?? '').slice(0, 300)).text;
  const where = place(rollout, state);
  switch (state) {
    case 'healthy':
      return 'The new runs alone';
    case 'aborted':
      return `Aborted, what ran before goes on${said && `: ${said}`}`;
    case 'degraded':
      return `${where}, and is not well${said && `: ${said}`}`;
    case 'paused':
      return `${where}, paused ${
        pauseOf(rollout).pausedUntil && !spec.paused
          ? 'for a time'
          : 'until somebody promotes'
      }`;
    case 'progressing':
      return `${where}${said && `: ${said}`}`;
    default:
      return state satisfies never;
  }
}

function place(rollout: Rollout, state: RolloutProgress['state']): string {
  const steps = stepsOf(rollout).length;
  if (rollout.spec.strategy?.blueGreen) {
    return 'Blue-green';
  }
  return steps > 0
    ? `Canary at ${weightOf(rollout, state)} %, ${
        rollout.status?.currentStepIndex ?? 0
      } of ${steps} steps done`
    : 'Canary without steps';
}
