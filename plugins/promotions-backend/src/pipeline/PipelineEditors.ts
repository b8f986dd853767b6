import {
  ANNOTATION_LOCATION,
  type Entity,
  parseEntityRef,
} from '@backstage/catalog-model';
import { type Commit } from '@portico/plugin-git-host-common';
import { type GitHostService } from '@portico/plugin-git-host-node';
import {
  type DirectoryMember,
  type TenancyService,
} from '@portico/plugin-tenancy-node';

/** Who changed a pipeline so lately cannot approve what it lets through. */
const LATELY_MILLISECONDS = 30 * 24 * 60 * 60 * 1000;
const COMMITS = 100;
const KEPT = 500;
const KEPT_MILLISECONDS = 10 * 60 * 1000;

/**
 * Finds out who wrote pipelines: the authors of the last commit that changed the file, and of
 * those of the last thirty days, as far as they are members of the tenant. Files that lie
 * outside of the embedded Git host have no known authors.
 */
export class PipelineEditors {
  readonly #gitHost: Pick<GitHostService, 'parseUrl' | 'log'>;
  readonly #directory: Pick<TenancyService['directory'], 'members'>;
  readonly #now: () => Date;
  /** Addresses of authors, by the state of the entity. */
  readonly #authors = new Map<string, { at: number; emails: string[] }>();

  constructor(options: {
    gitHost: Pick<GitHostService, 'parseUrl' | 'log'>;
    directory: Pick<TenancyService['directory'], 'members'>;
    now: () => Date;
  }) {
    this.#gitHost = options.gitHost;
    this.#directory = options.directory;
    this.#now = options.now;
  }

  /** Refs of the members of the tenant who changed these pipelines, by name. */
  async of(tenant: string, pipelines: readonly Entity[]): Promise<string[]> {
    const emails = new Set(
      (await Promise.all(pipelines.map(entity => this.#authorsOf(entity))))
        .flat()
        .map(email => email.toLocaleLowerCase('en-US')),
    );
    if (emails.size === 0) {
      return [];
    }
    return (await this.#directory.members(tenant))
      .filter(member =>
        addressesOf(member, tenant).some(address => emails.has(address)),
      )
      .map(({ userRef }) => userRef)
      .sort();
  }

  async #authorsOf(entity: Entity): Promise<string[]> {
    const { uid, etag, annotations } = entity.metadata;
    const now = this.#now().getTime();
    // Other gates make another etag, so what is kept belongs to the gates that count.
    const key = `${uid} ${etag}`;
    const known = this.#authors.get(key);
    if (known && now - known.at < KEPT_MILLISECONDS) {
      return known.emails;
    }
    const path = this.#gitHost.parseUrl(
      (annotations?.[ANNOTATION_LOCATION] ?? '').replace(/^url:/, ''),
    );
    // A source reads repositories of its own tenant only.
    if (!path || path.tenant !== entity.metadata.namespace) {
      return [];
    }
    const commits = await this.#gitHost.log({ ...path, limit: COMMITS });
    const emails = commits
      .filter((commit, index) => index === 0 || isLate(commit, now))
      .map(({ authorEmail }) => authorEmail);
    if (this.#authors.size >= KEPT) {
      this.#authors.clear();
    }
    this.#authors.set(key, { at: now, emails });
    return emails;
  }
}

function isLate({ committedAt }: Commit, now: number): boolean {
  return now - Date.parse(committedAt) < LATELY_MILLISECONDS;
}

/** The member's own address, and the one that golden paths commit with. */
function addressesOf(
  { userRef, email }: DirectoryMember,
  tenant: string,
): string[] {
  return [
    ...(email === undefined ? [] : [email.toLocaleLowerCase('en-US')]),
    `${parseEntityRef(userRef).name}@${tenant}.invalid`,
  ];
}
