/** What waits for its turn: the repository that it is about, and its name. */
export interface QueueItem {
  id: string;
  tenant: string;
  repository: string;
}

/**
 * Whose turn it is: tenants in turns, a tenant's own in order, and one at a time per
 * repository, so that its releases come in the order of its commits.
 */
export class RunQueue<Item extends QueueItem> {
  readonly #waiting: Item[] = [];
  readonly #busy = new Set<string>();
  /** Tenants by how long ago they had a turn; who never had one comes first. */
  readonly #turns: string[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** Adds an item; one that waits already is not doubled. */
  add(item: Item): void {
    if (!this.#waiting.some(({ id }) => id === item.id)) {
      this.#waiting.push(item);
    }
  }

  /** Takes out what waits for a repository. */
  remove(tenant: string, repository: string): Item[] {
    const removed = this.#waiting.filter(
      item => item.tenant === tenant && item.repository === repository,
    );
    for (const item of removed) {
      this.#waiting.splice(this.#waiting.indexOf(item), 1);
    }
    return removed;
  }

  /** The next whose repository is free; call `done` with it afterwards. */
  next(): Item | undefined {
    const free = this.#waiting.filter(item => !this.#busy.has(keyOf(item)));
    const [item] = [...free].sort(
      (a, b) => this.#turns.indexOf(a.tenant) - this.#turns.indexOf(b.tenant),
    );
    if (item === undefined) {
      return undefined;
    }
    this.#waiting.splice(this.#waiting.indexOf(item), 1);
    this.#busy.add(keyOf(item));
    const before = this.#turns.indexOf(item.tenant);
    if (before >= 0) {
      this.#turns.splice(before, 1);
    }
    this.#turns.push(item.tenant);
    return item;
  }

  done(item: Item): void {
    this.#busy.delete(keyOf(item));
  }
}

function keyOf({ tenant, repository }: QueueItem): string {
  return `${tenant}/${repository}`;
}
