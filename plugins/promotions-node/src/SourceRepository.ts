/** A commit of a source repository. */
export interface SourceCommit {
  id: string;
  subject: string;
  trailers: Readonly<Record<string, string>>;
  authorName: string;
  authorEmail: string;
  committedAt: string;
  /** The one that its message says it was merged by. */
  pullRequest?: { id: string; url: string };
}

/** The newest commits, newest first. */
export interface SourceLog {
  items: SourceCommit[];
  /** How many there are, also those that are left out; undefined where nobody counted. */
  total?: number;
}

/** A repository that a component is built from. Opened for one tenant. */
export interface SourceRepository {
  /**
   * The commits that lead to one, without those that lead to another.
   *
   * @throws NotFoundError when one of the two is not there
   */
  log(options: {
    ref: string;
    notIn?: string;
    limit: number;
  }): Promise<SourceLog>;
}

/** Opens source repositories on one host. */
export interface SourceRepositoryHost {
  /**
   * Undefined when the address is none of this host's.
   *
   * @throws NotFoundError, NotAllowedError or ServiceUnavailableError, with a sentence for
   *   people, where the tenant may not read there or nobody answers
   */
  open(options: {
    tenant: string;
    /** As a release names it. */
    address: string;
    signal: AbortSignal;
  }): Promise<SourceRepository | undefined>;
}
