import { listProcesses, type ProcessEntry } from './processTable';

const INTERVAL_MS = 1_000;

/** Measures the memory of process groups while there are any. */
export class ProcessWatch {
  readonly #groups = new Map<number, (memoryBytes: number) => void>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * Tells the memory of a group, with descendants that left it, about once a second.
   *
   * @returns ends the watch
   */
  watch(group: number, onMemory: (memoryBytes: number) => void): () => void {
    this.#groups.set(group, onMemory);
    this.#schedule();
    return () => {
      this.#groups.delete(group);
      if (this.#groups.size === 0) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    };
  }

  #schedule(): void {
    if (this.#timer || this.#groups.size === 0) {
      return;
    }
    this.#timer = setTimeout(async () => {
      const memory = memoryOfGroups(
        await listProcesses().catch(() => []),
        new Set(this.#groups.keys()),
      );
      for (const [group, onMemory] of [...this.#groups]) {
        const bytes = memory.get(group);
        if (bytes !== undefined) {
          onMemory(bytes);
        }
      }
      this.#timer = undefined;
      this.#schedule();
    }, INTERVAL_MS);
    this.#timer.unref();
  }
}

/** Adds up the memory of each group and of the descendants of its members. */
export function memoryOfGroups(
  processes: ProcessEntry[],
  groups: ReadonlySet<number>,
): Map<number, number> {
  const byPid = new Map(processes.map(entry => [entry.pid, entry]));
  const memory = new Map<number, number>();
  for (const entry of processes) {
    let ancestor: ProcessEntry | undefined = entry;
    // A table that was read while it changed could hold a circle.
    for (let depth = 0; ancestor && depth < 64; depth += 1) {
      if (groups.has(ancestor.group)) {
        memory.set(
          ancestor.group,
          (memory.get(ancestor.group) ?? 0) + entry.memoryBytes,
        );
        break;
      }
      ancestor = byPid.get(ancestor.parent);
    }
  }
  return memory;
}
