import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import {
  type ReleaseList,
  type RuntimeRelease,
} from '@portico/plugin-local-runtime-common';
import { type RuntimeClient } from '../runtime/RuntimeClient';
import { type ReleaseAnnouncer } from './ReleaseAnnouncer';

const PAGE = 200;
const WAIT_SECONDS = 20;
/** While something waits, it is tried again this soon. */
const RETRY_SECONDS = 3;
const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 15_000;

/**
 * Follows the journal of releases and has the newest one of each component announced.
 *
 * After a start it reads the journal from its beginning, so that nothing is missed; what
 * is announced already stays as it is. What cannot be announced yet is tried again.
 */
export class ReleaseFollower {
  readonly #client: Pick<RuntimeClient, 'releases'>;
  readonly #announcer: Pick<ReleaseAnnouncer, 'announce'>;
  readonly #logger: LoggerService;
  readonly #stop = new AbortController();
  /** Ends the waiting for a release, because something else is to be done. */
  #turn = new AbortController();
  #journal: string | undefined;
  #cursor = 0;
  /** By tenant and component, newest first. */
  readonly #pending = new Map<string, RuntimeRelease[]>();
  /** What was said last of each component, to say it once. */
  readonly #told = new Map<string, string>();
  #loop: Promise<void> | undefined;

  constructor(options: {
    client: Pick<RuntimeClient, 'releases'>;
    announcer: Pick<ReleaseAnnouncer, 'announce'>;
    logger: LoggerService;
  }) {
    this.#client = options.client;
    this.#announcer = options.announcer;
    this.#logger = options.logger;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Tries again at once what could not be announced; a repository changed. */
  retry(): void {
    if (this.#pending.size > 0) {
      this.#turn.abort();
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let pause = 0;
    while (!this.#stop.signal.aborted) {
      this.#turn = new AbortController();
      try {
        const list = await this.#next();
        if (list) {
          this.#keep(list.items);
        }
        // A full page is not the end: only the newest release of a component counts.
        if ((list?.items.length ?? 0) < PAGE) {
          await this.#announcePending();
        }
        if (pause > 0) {
          this.#logger.info('The local runtime answers again');
        }
        pause = 0;
      } catch (error) {
        if (this.#stop.signal.aborted) {
          return;
        }
        if (pause === 0) {
          this.#logger.warn(
            `Releases are not followed: ${
              isError(error) ? error.message : error
            }`,
          );
        }
        pause = Math.min(
          Math.max(pause * 2, FIRST_PAUSE_MILLISECONDS),
          LONGEST_PAUSE_MILLISECONDS,
        );
        await this.#sleep(pause);
      }
    }
  }

  /** @returns undefined when the waiting was ended for something else to be done */
  async #next(): Promise<ReleaseList | undefined> {
    const turn = this.#turn.signal;
    let list: ReleaseList;
    try {
      list = await this.#client.releases({
        after: this.#cursor,
        limit: PAGE,
        waitSeconds: this.#waitSeconds(),
        signal: AbortSignal.any([turn, this.#stop.signal]),
      });
    } catch (error) {
      if (turn.aborted && !this.#stop.signal.aborted) {
        return undefined;
      }
      throw error;
    }
    if (this.#journal !== undefined && list.journal !== this.#journal) {
      // The runtime began from nothing: its releases are counted anew.
      this.#journal = list.journal;
      this.#cursor = 0;
      return undefined;
    }
    this.#journal = list.journal;
    this.#cursor = list.cursor;
    return list;
  }

  #waitSeconds(): number {
    if (this.#journal === undefined) {
      return 0;
    }
    return this.#pending.size > 0 ? RETRY_SECONDS : WAIT_SECONDS;
  }

  #keep(releases: RuntimeRelease[]): void {
    for (const release of releases) {
      const key = keyOf(release);
      this.#pending.set(key, [release, ...(this.#pending.get(key) ?? [])]);
    }
  }

  async #announcePending(): Promise<void> {
    for (const [key, releases] of [...this.#pending]) {
      if (this.#stop.signal.aborted) {
        return;
      }
      try {
        await this.#announceNewest(key, releases);
      } catch (error) {
        // One component must not hold back the others; it stays for the next turn.
        this.#tell(key, `could not be announced: ${error}`, 'error');
      }
    }
  }

  async #announceNewest(
    key: string,
    releases: RuntimeRelease[],
  ): Promise<void> {
    for (const [index, release] of releases.entries()) {
      const announcement = await this.#announcer.announce(release);
      switch (announcement.outcome) {
        case 'announced':
          this.#tell(key, `${release.version} is announced`, 'info');
          this.#pending.delete(key);
          return;
        case 'settled':
          // A commit that a rewrite of the branch took away says nothing of those before.
          if (
            announcement.why === 'notOnBranch' &&
            index < releases.length - 1
          ) {
            continue;
          }
          this.#pending.delete(key);
          return;
        case 'waiting':
          this.#tell(
            key,
            `${release.version} waits: ${announcement.reason}`,
            'warn',
          );
          return;
        default: {
          const unknown: never = announcement;
          throw new Error(`Unknown outcome ${JSON.stringify(unknown)}`);
        }
      }
    }
  }

  #tell(key: string, text: string, level: 'info' | 'warn' | 'error'): void {
    if (this.#told.get(key) !== text) {
      this.#told.set(key, text);
      this.#logger[level](`${key}: ${text}`);
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    const signal = AbortSignal.any([
      this.#stop.signal,
      AbortSignal.timeout(milliseconds),
    ]);
    await new Promise<void>(resolve => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

function keyOf({ tenant, component }: RuntimeRelease): string {
  return `component:${tenant}/${component}`;
}
