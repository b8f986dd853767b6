import { randomUUID } from 'node:crypto';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import {
  type ReleaseList,
  type RuntimeRelease,
  runtimeReleaseSchema,
} from '@portico/plugin-local-runtime-common';
import { z } from 'zod';
import { errorCode } from '../errorCode';

const headSchema = z.object({ journal: z.string() });

/** All releases in the order in which they were made: one line each, appended only. */
export class ReleaseJournal {
  readonly #releases: RuntimeRelease[] = [];
  readonly #waiting = new Set<() => void>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly name: string,
  ) {}

  static async open(path: string): Promise<ReleaseJournal> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        throw error;
      }
      text = '';
    }
    // A line without its end was being written when the process was killed.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole === '') {
      const name = randomUUID();
      await writeFile(path, `${JSON.stringify({ journal: name })}\n`);
      return new ReleaseJournal(path, name);
    }
    if (whole.length < text.length) {
      await truncate(path, Buffer.byteLength(whole));
    }
    const [head, ...lines] = whole.trimEnd().split('\n');
    const journal = new ReleaseJournal(
      path,
      headSchema.parse(JSON.parse(head)).journal,
    );
    journal.#releases.push(
      ...lines.map(line => runtimeReleaseSchema.parse(JSON.parse(line))),
    );
    return journal;
  }

  /** Adds a release; the release of a run that has one already is given back. */
  append(release: Omit<RuntimeRelease, 'sequence'>): Promise<RuntimeRelease> {
    const turn = this.#turn.then(async () => {
      const known = this.ofRun(release.runId);
      if (known) {
        return known;
      }
      const added = { ...release, sequence: this.#releases.length + 1 };
      await appendFile(this.path, `${JSON.stringify(added)}\n`);
      this.#releases.push(added);
      for (const wake of this.#waiting) {
        wake();
      }
      return added;
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  ofRun(runId: string): RuntimeRelease | undefined {
    return this.#releases.find(release => release.runId === runId);
  }

  /** The newest release of a component with this artefact. */
  ofDigest(
    tenant: string,
    component: string,
    digest: string,
  ): RuntimeRelease | undefined {
    return this.#releases.findLast(
      release =>
        release.digest === digest &&
        release.tenant === tenant &&
        release.component === component,
    );
  }

  /** The repository that a component was first released from. */
  repositoryOf(tenant: string, component: string): string | undefined {
    return this.#releases.find(
      release => release.tenant === tenant && release.component === component,
    )?.repository;
  }

  /** Digests of the newest releases of each component. */
  newestDigests(perComponent: number): Set<string> {
    const counts = new Map<string, number>();
    const digests = new Set<string>();
    for (const { tenant, component, digest } of this.#releases.toReversed()) {
      const key = `${tenant}/${component}`;
      const count = counts.get(key) ?? 0;
      if (count < perComponent) {
        counts.set(key, count + 1);
        digests.add(digest);
      }
    }
    return digests;
  }

  /** Releases after a sequence number, oldest first. */
  after(sequence: number, limit: number): ReleaseList {
    const items = this.#releases.slice(sequence, sequence + limit);
    return {
      journal: this.name,
      items,
      cursor: items.at(-1)?.sequence ?? sequence,
    };
  }

  /** Waits until there is a release after a sequence number, or the time is over. */
  async waitFor(sequence: number, signal: AbortSignal): Promise<void> {
    while (this.#releases.length <= sequence && !signal.aborted) {
      await new Promise<void>(resolve => {
        const wake = () => {
          this.#waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  }
}
