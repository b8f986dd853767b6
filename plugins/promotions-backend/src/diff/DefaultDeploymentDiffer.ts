import { isError } from '@backstage/errors';
import {
  type DeploymentDiff,
  type TextDiff,
} from '@portico/plugin-promotions-common';
import { type TenancyDirectory } from '@portico/plugin-tenancy-node';
import { type SourceCommits } from './commits/SourceCommits';
import { findTickets } from './commits/findTickets';
import { compareImages } from './compareImages';
import { estimateCost } from './cost/estimateCost';
import { type PriceBook } from './cost/PriceBook';
import {
  type DeploymentDiffer,
  type DiffedRelease,
  type DiffSide,
} from './DeploymentDiffer';
import { type DiffSources, type SideFiles } from './DiffSources';
import { countLines } from './lines/textDiff';
import {
  type ManifestsCompared,
  type ManifestsOfSides,
} from './ManifestsOfSides';

/** Lines of all objects together; the rest is named without lines. */
const MOST_LINES = 10_000;
const MOST_ITEMS = 500;

const nothingCompared: ManifestsCompared = {
  rendered: 'files',
  items: [],
  risks: [],
  objects: { before: [], after: [] },
};

/** Puts a diff together: images, commits, manifests, risks and cost. */
export class DefaultDeploymentDiffer implements DeploymentDiffer {
  readonly #sources: DiffSources;
  readonly #manifests: ManifestsOfSides;
  readonly #commits: SourceCommits;
  readonly #directory: Pick<TenancyDirectory, 'members'>;
  readonly #prices: PriceBook | undefined;

  constructor(options: {
    sources: DiffSources;
    manifests: ManifestsOfSides;
    commits: SourceCommits;
    directory: Pick<TenancyDirectory, 'members'>;
    /** Without it nothing is said of cost. */
    prices?: PriceBook;
  }) {
    this.#sources = options.sources;
    this.#manifests = options.manifests;
    this.#commits = options.commits;
    this.#directory = options.directory;
    this.#prices = options.prices;
  }

  async ofProposal(
    options: Parameters<DeploymentDiffer['ofProposal']>[0],
  ): Promise<DeploymentDiff> {
    const { target, proposal, before, after, signal } = options;
    const [old, problem] = await this.#attempt(() =>
      this.#sources.ofEnvironment(target, proposal.base.commit, signal),
    );
    const from = old ?? this.#sources.fromFiles(target, proposal.before);
    const to = old
      ? this.#sources.with(old, proposal.after)
      : this.#sources.fromFiles(target, proposal.after);
    return this.#compose({
      tenant: target.tenant,
      before,
      after,
      manifests: await this.#compare(from, to, problem, signal),
    });
  }

  async between(
    options: Parameters<DeploymentDiffer['between']>[0],
  ): Promise<DeploymentDiff> {
    const { tenant, component, from, to, signal } = options;
    const inEnvironments = from.target !== undefined && to.target !== undefined;
    const filesOf = async ({ target, release, revision }: DiffSide) =>
      inEnvironments && target
        ? this.#sources.ofEnvironment(target, revision, signal)
        : this.#sources.ofRelease(tenant, component, release);
    const [sides, problem] = await this.#attempt(() =>
      Promise.all([filesOf(from), filesOf(to)]),
    );
    const [old, fresh] = sides ?? [];
    const note = inEnvironments
      ? undefined
      : 'Releases are compared by what they bring along (deploy/base of their source), without the overlay of an environment';
    return this.#compose({
      tenant,
      before: from.release,
      after: to.release,
      manifests:
        old && fresh
          ? withNote(await this.#compare(old, fresh, undefined, signal), note)
          : {
              ...nothingCompared,
              note:
                problem ??
                'The files of a side are not in a repository that Portico reads',
            },
    });
  }

  async #compare(
    before: SideFiles,
    after: SideFiles,
    problem: string | undefined,
    signal: AbortSignal,
  ): Promise<ManifestsCompared> {
    return withNote(
      await this.#manifests.compare(before, after, signal),
      problem,
    );
  }

  async #compose(parts: {
    tenant: string;
    before: DiffedRelease | undefined;
    after: DiffedRelease | undefined;
    manifests: ManifestsCompared;
  }): Promise<DeploymentDiff> {
    const { tenant, before, after, manifests } = parts;
    const { rendered, note, risks } = manifests;
    const images = compareImages(before, after);
    const commits = await this.#commitsBetween(tenant, before, after);
    const items = withinBounds(manifests.items);
    const cost = estimateCost(
      manifests.objects.before,
      manifests.objects.after,
      this.#prices,
    );
    return {
      images,
      commits,
      manifests: { rendered, ...(note && { note }), items },
      risks,
      ...(cost && { cost }),
      summary: {
        images: images.length,
        commits: commits.items.length,
        objects: manifests.items.length,
        ...countLines(manifests.items),
        risks: risks.slice(0, 20),
      },
    };
  }

  async #commitsBetween(
    tenant: string,
    before: DiffedRelease | undefined,
    after: DiffedRelease | undefined,
  ): Promise<DeploymentDiff['commits']> {
    if (!after) {
      return { items: [], note: 'No release is known there', reversed: false };
    }
    const { items, ...rest } = await this.#commits.between({
      tenant,
      before: before?.content,
      after: after.content,
    });
    const refs = new Map(
      (items.length > 0 ? await this.#directory.members(tenant) : []).flatMap(
        ({ email, userRef }) =>
          email ? [[email.toLowerCase(), userRef] as const] : [],
      ),
    );
    return {
      ...rest,
      items: items.map(commit => {
        const authorRef = refs.get(commit.authorEmail.toLowerCase());
        return {
          id: commit.id,
          subject: commit.subject.slice(0, 500),
          authorName: commit.authorName,
          ...(commit.authorEmail && { authorEmail: commit.authorEmail }),
          ...(authorRef && { authorRef }),
          committedAt: new Date(commit.committedAt).toISOString(),
          tickets: findTickets(commit),
          ...(commit.pullRequest && { pullRequest: commit.pullRequest }),
        };
      }),
    };
  }

  /** What was read, or why it could not be: a diff says what it could not see. */
  async #attempt<T>(
    fn: () => Promise<T>,
  ): Promise<[T, undefined] | [undefined, string]> {
    try {
      return [await fn(), undefined];
    } catch (error) {
      const isExpected =
        isError(error) &&
        ['NotFoundError', 'InputError', 'NotRenderable'].includes(error.name);
      if (!isExpected) {
        throw error;
      }
      return [undefined, error.message];
    }
  }
}

function withNote(
  compared: ManifestsCompared,
  note: string | undefined,
): ManifestsCompared {
  const notes = [compared.note, note].filter(text => text !== undefined);
  return {
    ...compared,
    ...(notes.length > 0 && { note: notes.join('. ') }),
  };
}

/** A page can be read; what is left out keeps its name and says so. */
function withinBounds(items: readonly TextDiff[]): TextDiff[] {
  let left = MOST_LINES;
  return items.slice(0, MOST_ITEMS).map(item => {
    const lines = item.lines.slice(0, left);
    left -= lines.length;
    return lines.length === item.lines.length
      ? item
      : {
          ...item,
          lines: [
            ...lines,
            {
              kind: 'gap',
              text: `${
                item.lines.length - lines.length
              } more lines of this diff are not shown`,
            },
          ],
          cut: true,
        };
  });
}
