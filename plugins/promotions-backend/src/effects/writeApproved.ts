import { isError } from '@backstage/errors';
import { payloadDigest } from '@portico/plugin-audit-node';
import { type Subject } from '@portico/plugin-promotions-common';
import { contentDigest } from '@portico/plugin-promotions-node';
import { commitTitle, commitTrailers, EFFECT_TRAILER } from './commitMessage';
import { type DeploymentProposer, folderOf } from './DeploymentProposer';
import {
  type RepositoryStepContext,
  type RepositoryStepOutcome,
} from './RepositoryStep';

const ATTEMPTS = 5;

/**
 * Commits what was approved, once: a commit with the marker is adopted; otherwise it is
 * worked out anew on the state of the repository that it is committed on, and has to be the
 * very subject that was approved.
 *
 * The head is read before the marker is looked for, and the commit names that head. So
 * nothing can come in between, whoever else runs the same step. Who is the first to begin the
 * step looks for the marker only when something came in between: before, nobody left one.
 *
 * @param write - the branch to commit on; made from the base when it is another
 */
export async function writeApproved(
  context: RepositoryStepContext,
  options: { proposer: DeploymentProposer; write: { branch?: string } },
): Promise<RepositoryStepOutcome> {
  const { tenant, delivery } = context.target;
  const { host, name, branch = '' } = delivery.repository;
  const place = JSON.stringify([
    tenant,
    host,
    name,
    options.write.branch ?? branch,
  ]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await options.proposer.inTurn(place, () =>
        writeOnce(context, {
          ...options,
          mayBeThere: attempt > 1 || !context.isFirst,
        }),
      );
    } catch (error) {
      // Somebody else committed in between: look and decide anew.
      if (
        !(isError(error) && error.name === 'ConflictError') ||
        attempt === ATTEMPTS
      ) {
        throw error;
      }
    }
  }
}

async function writeOnce(
  context: RepositoryStepContext,
  {
    proposer,
    write,
    mayBeThere,
  }: {
    proposer: DeploymentProposer;
    write: { branch?: string };
    /** Somebody may have done it before. */
    mayBeThere: boolean;
  },
): Promise<RepositoryStepOutcome> {
  const { key, promotion, repository, stage, subject, target } = context;
  const base = await repository.head(target.delivery.repository.branch);
  if (!base) {
    return {
      state: 'failed',
      reason: `The branch of ${target.delivery.repository.name} is gone; put it back and promote again`,
    };
  }
  const branch = write.branch ?? base.branch;
  const own = write.branch === undefined ? base : await repository.head(branch);
  const findMarker = () =>
    repository.findByTrailer({ branch, name: EFFECT_TRAILER, value: key });
  const isLookedFor = own && (mayBeThere || write.branch !== undefined);
  const adopted = isLookedFor ? await findMarker() : undefined;
  if (adopted !== undefined) {
    return adopt(adopted, context);
  }
  if (write.branch !== undefined && own) {
    return {
      state: 'failed',
      reason: `There is a branch ${branch} already, and Portico did not make it; delete it and promote again`,
    };
  }
  await context.reach('looked');

  const proposal = await proposer.proposeAt(base, repository, {
    target,
    stage,
    release: promotion.release,
    kind: promotion.kind,
    shown: subject,
  });
  if (proposal.digest !== payloadDigest(subject)) {
    const late = isLookedFor ? undefined : own && (await findMarker());
    return late === undefined
      ? { state: 'stale', reason: whyStale(context, proposal.subject) }
      : adopt(late, context);
  }
  const files = proposal.after.filter(
    (file, index) => file.content !== proposal.before[index]?.content,
  );
  if (files.length === 0) {
    // It says so already; the commit that made it say so is the revision.
    return {
      state: 'confirmed',
      remote: { id: base.commit, adopted: true, url: repository.url },
    };
  }
  const { commit, url } = await repository.commit({
    branch,
    expectedHead: base.commit,
    files,
    message: [commitTitle(promotion), context.url].filter(Boolean).join('\n\n'),
    trailers: commitTrailers(promotion, key, context.approvedBy),
    onBehalfOf: promotion.requestedBy,
  });
  await context.reach('acted');
  return {
    state: 'confirmed',
    remote: { id: commit, adopted: false, ...(url && { url }) },
  };
}

/** A commit with our marker is ours if it says what was approved. */
async function adopt(
  commit: string,
  { repository, subject }: RepositoryStepContext,
): Promise<RepositoryStepOutcome> {
  for (const { path, digest } of subject.files) {
    const content = await repository.readFile({ commit, path });
    if (content === undefined || contentDigest(content) !== digest) {
      return {
        state: 'failed',
        reason: `The commit ${commit} carries the marker of this promotion, but ${path} is not what was approved; look at it, and promote again`,
      };
    }
  }
  return {
    state: 'confirmed',
    remote: { id: commit, adopted: true, url: repository.url },
  };
}

/** In words for people: what changed since it was shown. */
function whyStale(
  { subject, target }: Pick<RepositoryStepContext, 'subject' | 'target'>,
  now: Pick<Subject, 'base' | 'manifests'>,
): string {
  const { name } = target.delivery.repository;
  const folder = folderOf(subject.files[0]?.path ?? '') || 'its root';
  if (now.base !== subject.base) {
    return `${folder} of ${name} changed after this was approved (now at ${now.base})`;
  }
  return now.manifests === subject.manifests
    ? `What would be written into ${name} is not what was approved any more`
    : `A file of ${name} that ${folder} is rendered from changed after this was approved`;
}

/**
 * Why what was approved does not hold any more on the branch that it is merged into;
 * undefined while it does.
 */
export async function whyNotAsApproved(
  { repository, subject, target, promotion, stage }: RepositoryStepContext,
  proposer: DeploymentProposer,
): Promise<string | undefined> {
  const { branch, name } = target.delivery.repository;
  const head = await repository.head(branch);
  const [file] = subject.files;
  if (!head || !file) {
    return `The branch of ${name} is gone; put it back and promote again`;
  }
  const last = await repository.lastChange({
    commit: head.commit,
    path: folderOf(file.path),
  });
  const base = last ?? head.commit;
  if (base !== subject.base) {
    return whyStale({ subject, target }, { ...subject, base });
  }
  const proposal = await proposer.proposeAt(head, repository, {
    target,
    stage,
    release: promotion.release,
    kind: promotion.kind,
    shown: subject,
  });
  return proposal.digest === payloadDigest(subject)
    ? undefined
    : whyStale({ subject, target }, proposal.subject);
}
