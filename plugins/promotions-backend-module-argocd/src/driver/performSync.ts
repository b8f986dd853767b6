import {
  type EffectContext,
  type EffectOutcome,
} from '@portico/plugin-promotions-node';
import { type Application } from '../client/application';
import {
  type Answer,
  type ApplicationAddress,
  type ArgoCdClient,
  type Refusal,
} from '../client/ArgoCdClient';
import { noRollout, rolloutsOf } from '../rollout/readRollouts';
import {
  describe,
  describeOperation,
  describeWindows,
  EFFECT_INFO,
  hasRevision,
  healthOf,
  isAutomatic,
  isOperationOf,
  PROMOTION_INFO,
  runningImages,
} from './applicationState';
import { refusalReason } from './refusalReason';

const SOON_MS = 5_000;
const LATER_MS = 60_000;
/** Of gRPC: the application is not in a state for it. */
const FAILED_PRECONDITION = 9;

/** What a sync needs. */
export interface SyncOptions {
  client: ArgoCdClient;
  address: ApplicationAddress;
  url: string;
  context: EffectContext;
}

/**
 * Syncs an application to exactly one commit: looks for an operation with the effect's key,
 * adopts it or what is there already, and only then asks for one. Then it waits until Argo
 * CD is done, the commit is live and everything is healthy.
 */
export async function performSync(
  options: SyncOptions,
): Promise<EffectOutcome> {
  const { client, address, context } = options;
  const answer = await client.application(address, context.signal, {
    refresh: true,
  });
  if (answer.outcome === 'refused') {
    return unreadable(options, answer);
  }
  const application = answer.value;
  if (isOperationOf(application.operation, context.key)) {
    return wait(context, SOON_MS, 'Argo CD was asked, and begins soon');
  }
  const state = application.status?.operationState;
  if (isOperationOf(state?.operation, context.key)) {
    return judgeOwn(options, application);
  }
  if (isThere(application, context)) {
    return confirmed(options, true);
  }
  if (application.operation || isRunning(state?.phase)) {
    return wait(
      context,
      SOON_MS,
      `Argo CD is busy with another operation of ${address.name}`,
    );
  }
  if (isAutomatic(application)) {
    return waitForAutomation(options, application);
  }
  return context.target.delivery.argocd?.sync === 'wait'
    ? wait(
        context,
        LATER_MS,
        `Waiting until somebody syncs ${address.name} to ${short(
          context.revision,
        )} in Argo CD: ${describe(application)}`,
      )
    : ask(options, application);
}

/** The operation is ours: it ends by what it says. */
function judgeOwn(
  options: SyncOptions,
  application: Application,
): EffectOutcome {
  const { context } = options;
  const { operationState: state, sync } = application.status ?? {};
  switch (state?.phase ?? '') {
    case 'Running':
    case 'Terminating':
      return wait(
        context,
        SOON_MS,
        `Argo CD syncs: ${state?.message || 'in progress'}`,
      );
    case 'Failed':
    case 'Error':
      return {
        state: 'failed',
        reason: `Argo CD could not sync ${
          options.address.name
        }: ${describeOperation(application)}`,
      };
    case 'Succeeded':
      break;
    default:
      return wait(
        context,
        SOON_MS,
        'Argo CD does not say yet what became of it',
      );
  }
  if (!hasRevision(state?.syncResult, context.revision)) {
    return {
      state: 'failed',
      reason: `Argo CD synced another commit than ${short(
        context.revision,
      )}; see the operation in Argo CD, and promote again`,
    };
  }
  // At a later commit it may differ again; that is another change.
  const isLater = !hasRevision(sync, context.revision);
  if (!isLater && sync?.status !== 'Synced') {
    return wait(context, SOON_MS, notSynced(application));
  }
  return healthOf(application) === 'healthy' || isRolledOut(context)
    ? confirmed(options, false)
    : wait(
        context,
        SOON_MS,
        `Synced, and not healthy yet: ${describe(application)}`,
      );
}

/** Whether a rollout brings what is synced to all, which is a step of its own. */
function isRolledOut({ stage }: EffectContext): boolean {
  return stage.strategy !== 'rolling';
}

function notSynced(application: Application): string {
  const resources = application.status?.resources ?? [];
  const toPrune = resources.filter(({ requiresPruning }) => requiresPruning);
  const differing = resources.filter(
    ({ status, requiresPruning }) => status === 'OutOfSync' && !requiresPruning,
  );
  const names = (list: typeof resources) =>
    list
      .slice(0, 5)
      .map(({ kind, name }) => `${kind} ${name}`)
      .join(', ');
  return toPrune.length > 0 && differing.length === 0
    ? `Argo CD has synced, and keeps what is not declared any more: ${names(
        toPrune,
      )}; prune it in Argo CD, or let the application prune by itself`
    : `Argo CD has synced, and ${
        names(differing) || 'something'
      } differs from what is declared`;
}

/** What we want is live without us: somebody else, or Argo CD by itself, did it. */
function isThere(application: Application, context: EffectContext): boolean {
  const { revision, promotion } = context;
  const { sync, operationState } = application.status ?? {};
  if (
    sync?.status !== 'Synced' ||
    isRunning(operationState?.phase) ||
    application.operation
  ) {
    return false;
  }
  const isHealthy = healthOf(application) === 'healthy';
  if (hasRevision(sync, revision)) {
    return isHealthy || isRolledOut(context);
  }
  if (!isHealthy) {
    return false;
  }
  // Argo CD may have gone on to a later commit of the shared repository.
  const running = runningImages(application).map(({ digest }) => digest);
  const { images } = promotion.release.content;
  return (
    images.length > 0 && images.every(({ digest }) => running.includes(digest))
  );
}

function waitForAutomation(
  { address, context }: SyncOptions,
  application: Application,
): EffectOutcome {
  const state = application.status?.operationState;
  const isOurs =
    hasRevision(state?.syncResult, context.revision) ||
    state?.operation?.sync?.revision === context.revision;
  return isOurs && (state?.phase === 'Failed' || state?.phase === 'Error')
    ? {
        state: 'failed',
        reason: `Argo CD could not sync ${address.name}: ${describeOperation(
          application,
        )}`,
      }
    : wait(
        context,
        SOON_MS,
        `Argo CD syncs ${address.name} by itself: ${describe(application)}`,
      );
}

async function ask(
  options: SyncOptions,
  application: Application,
): Promise<EffectOutcome> {
  const { client, address, context } = options;
  const isRead = (application.status?.resources.length ?? 0) > 0;
  if (isRolledOut(context) && isRead && rolloutsOf(application).length === 0) {
    return {
      state: 'failed',
      reason: noRollout(address, context.stage.strategy),
    };
  }
  const windows = await client.syncWindows(address, context.signal);
  if (windows.outcome === 'refused') {
    return unreadable(options, windows);
  }
  if (!windows.value.canSync) {
    return wait(context, LATER_MS, describeWindows(windows.value));
  }
  // When it does not answer, the error means "look again": the key is found then.
  const answer = await client.sync(
    address,
    {
      revision: context.revision,
      infos: [
        { name: EFFECT_INFO, value: context.key },
        { name: PROMOTION_INFO, value: context.promotion.id },
      ],
    },
    context.signal,
  );
  return answer.outcome === 'answered'
    ? wait(context, SOON_MS, 'Argo CD was asked to sync')
    : refusedToSync(options, answer);
}

/**
 * Argo CD says 403 for what does not exist, too, and an application may be made from the
 * very commit that is promoted: it is asked again, until the delivery's time is over. The
 * same for a credential that somebody has to replace.
 */
function unreadable(
  { address, context }: SyncOptions,
  { status, message }: Refusal,
): EffectOutcome {
  return wait(context, LATER_MS, refusalReason(address, { status, message }));
}

function refusedToSync(
  options: SyncOptions,
  refusal: Extract<Answer<never>, { outcome: 'refused' }>,
): EffectOutcome {
  const { address, context } = options;
  const { status, code, message } = refusal;
  if (status === 403) {
    // It could be read a moment ago, so this is a right that is missing.
    return {
      state: 'failed',
      reason: `The credential may not sync ${address.name} to a commit; give its account the right 'sync' on ${address.project}/${address.name} in Argo CD, then promote again`,
    };
  }
  if (status === 401 || status === 404) {
    return unreadable(options, refusal);
  }
  return status === 409 || code === FAILED_PRECONDITION
    ? wait(context, SOON_MS, `Argo CD does not sync now: ${message}`)
    : {
        state: 'failed',
        reason: `Argo CD refuses to sync ${address.name}: ${message}`,
      };
}

function confirmed(
  { url, address, context }: SyncOptions,
  adopted: boolean,
): EffectOutcome {
  return {
    state: 'confirmed',
    remote: {
      id: `application ${address.name} at ${short(context.revision)}`,
      url,
      adopted,
    },
  };
}

function wait(
  { now }: EffectContext,
  milliseconds: number,
  reason: string,
): EffectOutcome {
  return {
    state: 'waiting',
    reason,
    askAgainAt: new Date(now.getTime() + milliseconds),
  };
}

function isRunning(phase: string | undefined): boolean {
  return phase === 'Running' || phase === 'Terminating';
}

function short(revision: string): string {
  return revision.slice(0, 12);
}
