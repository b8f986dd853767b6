import { appendFile, readFile, rename, stat, truncate } from 'node:fs/promises';
import {
  type LogLine,
  logLineSchema,
  type ServiceLog,
} from '@portico/plugin-local-runtime-common';

const ROTATE_BYTES = 1024 * 1024;
const MAX_LINE = 8 * 1024;
const TAIL_LINES = 50;
/** Above these in one second, lines are counted instead of kept. */
const LINES_PER_SECOND = 500;
const LETTERS_PER_SECOND = 256 * 1024;

/** The log of a service in an environment: two files of 1 MiB, the older ones go. */
export class ServiceLogFile {
  #number = 0;
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #batch: LogLine[] = [];
  readonly #rest = { stdout: '', stderr: '' };
  readonly #tail: string[] = [];
  #second = 0;
  #inSecond = 0;
  #lettersInSecond = 0;
  #dropped = 0;

  private constructor(private readonly path: string) {}

  static async open(path: string): Promise<ServiceLogFile> {
    const log = new ServiceLogFile(path);
    await removeHalfLine(path);
    const lines = await log.#lines();
    log.#number = lines.flatMap(parseLine).at(-1)?.number ?? 0;
    log.#bytes = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    return log;
  }

  /** The last lines of the service itself. */
  get tail(): readonly string[] {
    return this.#tail;
  }

  /** Takes what the service printed, and keeps the lines that are complete. */
  write(source: 'stdout' | 'stderr', chunk: Buffer): void {
    const lines = (this.#rest[source] + chunk.toString('utf8')).split('\n');
    this.#rest[source] = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) {
      this.#add(source, line);
    }
  }

  /** What the runtime itself says about the service. */
  note(text: string): void {
    this.#keep('runtime', text);
  }

  /** Keeps what was printed without an end of line, when the service ended. */
  finish(): void {
    for (const source of ['stdout', 'stderr'] as const) {
      if (this.#rest[source] !== '') {
        this.#add(source, this.#rest[source]);
        this.#rest[source] = '';
      }
    }
    this.#noteDropped();
  }

  async read(options: { after?: number; limit: number }): Promise<ServiceLog> {
    await this.#writing;
    const { after, limit } = options;
    const lines = await this.#lines();
    // Numbers are in a row, so that only lines that are asked for are parsed.
    const items =
      after === undefined
        ? lines.slice(-limit).flatMap(parseLine)
        : lines
            .slice(
              Math.max(0, lines.length - Math.max(0, this.#number - after)),
            )
            .slice(0, limit)
            .flatMap(parseLine)
            .filter(({ number }) => number > after);
    return { items, cursor: items.at(-1)?.number ?? after ?? this.#number };
  }

  #add(source: 'stdout' | 'stderr', text: string): void {
    this.#tail.push(text);
    this.#tail.splice(0, this.#tail.length - TAIL_LINES);
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.#second) {
      this.#noteDropped();
      this.#second = second;
      this.#inSecond = 0;
      this.#lettersInSecond = 0;
    }
    this.#inSecond += 1;
    this.#lettersInSecond += Math.min(text.length, MAX_LINE);
    if (
      this.#inSecond > LINES_PER_SECOND ||
      this.#lettersInSecond > LETTERS_PER_SECOND
    ) {
      this.#dropped += 1;
    } else {
      this.#keep(source, text);
    }
  }

  #noteDropped(): void {
    if (this.#dropped > 0) {
      this.#keep(
        'runtime',
        `${
          this.#dropped
        } lines were left out: it printed too much in a second.`,
      );
      this.#dropped = 0;
    }
  }

  #keep(source: LogLine['source'], text: string): void {
    this.#number += 1;
    this.#batch.push({
      number: this.#number,
      time: new Date().toISOString(),
      source,
      text: text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text,
    });
    if (this.#batch.length === 1) {
      // What comes in the same moment is written at once.
      this.#writing = this.#writing.then(() => this.#flush()).catch(() => {});
    }
  }

  async #flush(): Promise<void> {
    const text = this.#batch
      .splice(0)
      .map(line => `${JSON.stringify(line)}\n`)
      .join('');
    if (this.#bytes > ROTATE_BYTES) {
      await rename(this.path, `${this.path}.1`);
      this.#bytes = 0;
    }
    this.#bytes += Buffer.byteLength(text);
    await appendFile(this.path, text);
  }

  async #lines(): Promise<string[]> {
    const texts = await Promise.all(
      [`${this.path}.1`, this.path].map(path =>
        readFile(path, 'utf8').catch(() => ''),
      ),
    );
    return texts.join('').split('\n').filter(Boolean);
  }
}

/** A runtime that was killed may have left the beginning of a line. */
async function removeHalfLine(path: string): Promise<void> {
  const text = await readFile(path).catch(() => Buffer.alloc(0));
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) {
    await truncate(path, end);
  }
}

function parseLine(line: string): LogLine[] {
  try {
    return [logLineSchema.parse(JSON.parse(line))];
  } catch {
    // changed by someone else
    return [];
  }
}
