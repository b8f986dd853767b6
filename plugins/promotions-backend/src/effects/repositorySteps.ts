import { isError, NotImplementedError } from '@backstage/errors';
import {
  type DeliveryTarget,
  type PullRequest,
  type PullRequests,
} from '@portico/plugin-promotions-node';
import { commitTitle } from './commitMessage';
import { type DeploymentProposer } from './DeploymentProposer';
import { deploymentFilePath } from './deploymentFilePath';
import {
  type RepositoryStep,
  type RepositoryStepContext,
  type RepositoryStepOutcome,
} from './RepositoryStep';
import { whyNotAsApproved, writeApproved } from './writeApproved';

/** Steps whose remote id is the commit that declares the release. */
export const REVISION_STEPS = ['commit', 'merge'];

/** The commit that declares the release, once a step has made it. */
export function revisionOf(
  effects: ReadonlyArray<{ step: string; remote?: { id: string } }>,
): string | undefined {
  return effects.find(
    ({ step, remote }) => remote && REVISION_STEPS.includes(step),
  )?.remote?.id;
}

/** What to do in the deployment repository, in order. */
export function repositorySteps(
  target: DeliveryTarget,
  promotion: string,
  proposer: DeploymentProposer,
): RepositoryStep[] {
  const { host, name, branch = '' } = target.delivery.repository;
  const place = `${host}:${name}#${branch}`;
  if (target.delivery.write === 'commit') {
    return [
      {
        step: 'commit',
        kind: 'gitCommit',
        target: `${place}:${deploymentFilePath(target)}`,
        perform: context => writeApproved(context, { proposer, write: {} }),
      },
    ];
  }
  const own = `portico/promotion/${target.environment}/${promotion}`;
  const to = `${place}<${own}`;
  return [
    {
      step: 'branch',
      kind: 'gitCommit',
      target: to,
      perform: context =>
        writeApproved(context, { proposer, write: { branch: own } }),
    },
    {
      step: 'pullRequest',
      kind: 'pullRequest',
      target: to,
      perform: context => openPullRequest(context, own),
    },
    {
      step: 'status',
      kind: 'commitStatus',
      target: to,
      perform: context => announceGates(context, own),
    },
    {
      step: 'merge',
      kind: 'merge',
      target: to,
      perform: context => merge(context, own, proposer),
    },
  ];
}

async function openPullRequest(
  context: RepositoryStepContext,
  branch: string,
): Promise<RepositoryStepOutcome> {
  const { promotion, repository } = context;
  const pullRequests = requirePullRequests(context);
  const there = await pullRequests.find(branch);
  if (there) {
    return confirmed(there.id, true, there.url);
  }
  const unchanged = await alreadyMerged(context);
  if (unchanged) {
    return unchanged;
  }
  await context.reach('looked');
  const base = await repository.head(context.target.delivery.repository.branch);
  if (!base) {
    return { state: 'failed', reason: 'The branch to merge into is gone' };
  }
  try {
    const opened = await pullRequests.open({
      branch,
      base: base.branch,
      title: commitTitle(promotion),
      body: bodyOf(context),
    });
    await context.reach('acted');
    return confirmed(opened.id, false, opened.url);
  } catch (error) {
    const raced =
      isError(error) && error.name === 'ConflictError'
        ? await pullRequests.find(branch)
        : undefined;
    if (!raced) {
      throw error;
    }
    return confirmed(raced.id, true, raced.url);
  }
}

/** So that nobody merges it by hand before the gates passed again. */
async function announceGates(
  context: RepositoryStepContext,
  branch: string,
): Promise<RepositoryStepOutcome> {
  const pullRequest = await requirePullRequests(context).find(branch);
  if (!pullRequest) {
    return (await alreadyMerged(context)) ?? gone(branch);
  }
  if (pullRequest.state === 'open') {
    await setStatus(
      context,
      pullRequest,
      'pending',
      'Its gates are asked again before the merge',
    );
    await context.reach('acted');
  }
  return confirmed(pullRequest.head, false, pullRequest.url);
}

async function merge(
  context: RepositoryStepContext,
  branch: string,
  proposer: DeploymentProposer,
): Promise<RepositoryStepOutcome> {
  const pullRequests = requirePullRequests(context);
  const again = 'Its gates are asked again before the merge';
  const pullRequest = await pullRequests.find(branch);
  if (!pullRequest) {
    return (await alreadyMerged(context)) ?? gone(branch);
  }
  switch (pullRequest.state) {
    case 'merged':
      return mergedAs(context, pullRequest, true);
    case 'closed':
      return {
        state: 'failed',
        reason: `The pull request ${pullRequest.id} was closed without a merge; promote again if it is still wanted`,
      };
    case 'open':
      break;
    default:
      throw new Error(`Unknown state ${pullRequest.state satisfies never}`);
  }
  const refuse = async (reason: string): Promise<RepositoryStepOutcome> => {
    await setStatus(context, pullRequest, 'failure', reason);
    return { state: 'failed', reason };
  };
  if (pullRequest.head !== approvedHead(context)) {
    return refuse(
      `The pull request ${pullRequest.id} is not what was approved any more: somebody pushed to ${branch}`,
    );
  }
  const stale = await whyNotAsApproved(context, proposer);
  if (stale !== undefined) {
    return refuse(stale);
  }
  if (!(await context.beforeMerge())) {
    await setStatus(context, pullRequest, 'pending', again);
    return {
      state: 'waiting',
      reason: `The pull request ${pullRequest.id} is open, but a gate does not pass any more; it is merged when all pass again`,
    };
  }
  await setStatus(context, pullRequest, 'success', 'All gates passed');
  await context.reach('looked');
  try {
    const merged = await pullRequests.merge({
      id: pullRequest.id,
      expectedHead: pullRequest.head,
    });
    await context.reach('acted');
    return await mergedAs(context, merged, false);
  } catch (error) {
    // Whatever let it go wrong, nobody is to merge it on a yes that is old by then.
    // Where even that fails, the reason is the same; it is done again with the next try.
    await setStatus(context, pullRequest, 'pending', again).catch(() => {});
    if (isError(error) && error.name === 'ServiceUnavailableError') {
      return { state: 'waiting', reason: error.message };
    }
    throw error;
  }
}

async function mergedAs(
  { repository, target }: RepositoryStepContext,
  pullRequest: PullRequest,
  adopted: boolean,
): Promise<RepositoryStepOutcome> {
  const commit =
    pullRequest.mergeCommit ??
    (await repository.head(target.delivery.repository.branch))?.commit;
  return commit === undefined
    ? { state: 'failed', reason: 'The branch to merge into is gone' }
    : confirmed(commit, adopted, pullRequest.url);
}

/** What the branch was made for stands where it belongs, with or without a branch. */
async function alreadyMerged(
  context: RepositoryStepContext,
): Promise<RepositoryStepOutcome | undefined> {
  const { repository, target } = context;
  const commit = approvedHead(context);
  const base = await repository.head(target.delivery.repository.branch);
  return commit !== undefined &&
    base &&
    (await repository.contains({ branch: base.branch, commit }))
    ? confirmed(base.commit, true, repository.url)
    : undefined;
}

/** The commit that was made of what was approved. */
function approvedHead({ effects }: RepositoryStepContext): string | undefined {
  return effects.find(({ step }) => step === 'branch')?.remote?.id;
}

async function setStatus(
  context: RepositoryStepContext,
  { head }: PullRequest,
  state: 'pending' | 'success' | 'failure',
  description: string,
): Promise<void> {
  await requirePullRequests(context).setStatus({
    commit: head,
    context: `portico/${context.promotion.environment}`,
    state,
    description: description.slice(0, 140),
    ...(context.url && { url: context.url }),
  });
}

function requirePullRequests({
  repository,
}: RepositoryStepContext): PullRequests {
  if (!repository.pullRequests) {
    throw new NotImplementedError('The host has no pull requests');
  }
  return repository.pullRequests;
}

function confirmed(
  id: string,
  adopted: boolean,
  url: string | undefined,
): RepositoryStepOutcome {
  return { state: 'confirmed', remote: { id, adopted, ...(url && { url }) } };
}

function gone(branch: string): RepositoryStepOutcome {
  return {
    state: 'failed',
    reason: `The pull request of ${branch} is gone; promote again if it is still wanted`,
  };
}

function bodyOf({ promotion, approvedBy, url }: RepositoryStepContext): string {
  const { images, version } = promotion.release.content;
  return [
    `Portico promotes ${promotion.component} ${version} to ${promotion.environment}.`,
    ['| image | digest |', '| --- | --- |']
      .concat(images.map(({ name, digest }) => `| ${name} | \`${digest}\` |`))
      .join('\n'),
    ...(approvedBy.length > 0
      ? [`Approved by ${[...approvedBy].sort().join(', ')}.`]
      : []),
    ...(url ? [`Gates, votes and the diff: ${url}`] : []),
    'It is merged by Portico when all gates pass again; please do not merge it by hand.',
  ].join('\n\n');
}
