import { type ChildProcessWithoutNullStreams } from 'node:child_process';
import { gitEnvironment } from './gitEnvironment';
import { GitCommandError, type GitProcesses } from './GitProcesses';
import { WaitingBytes } from './WaitingBytes';

/** An object of a repository. */
export interface GitObject {
  id: string;
  type: 'commit' | 'tree' | 'blob' | 'tag';
  /** Bytes. */
  size: number;
  /** Undefined where it is larger than was asked for. */
  content: Buffer | undefined;
}

const IDLE_MILLISECONDS = 5_000;
const LONGEST_ANSWER_MILLISECONDS = 30_000;
const FOUND = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d+)$/;

interface Question {
  maxBytes: number;
  answer(object: GitObject | undefined): void;
  fail(error: Error): void;
}

/** One process that reads one repository; its answers come in the order of the questions. */
export class ObjectReader {
  readonly #processes: GitProcesses;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #onEnd: (reader: ObjectReader) => void;
  readonly #questions: Question[] = [];
  readonly #bytes = new WaitingBytes();
  #header: Omit<GitObject, 'content'> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    processes: GitProcesses;
    gitDirectory: string;
    onEnd: (reader: ObjectReader) => void;
  }) {
    this.#processes = options.processes;
    this.#onEnd = options.onEnd;
    this.#child = options.processes.start('git', ['cat-file', '--batch'], {
      environment: { ...gitEnvironment(), GIT_DIR: options.gitDirectory },
      stays: true,
    });
    this.#child.stderr.resume();
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#bytes.add(chunk);
      this.#answer();
    });
    this.#child.once('error', error => this.#end(error.message));
    this.#child.once('close', () => this.#end('it ended'));
  }

  read(name: string, maxBytes: number): Promise<GitObject | undefined> {
    return new Promise((answer, fail) => {
      if (/[\n\0]/.test(name)) {
        fail(new GitCommandError('cat-file', undefined, 'a name of two lines'));
        return;
      }
      this.#questions.push({ maxBytes, answer, fail });
      this.#child.stdin.write(`${name}\n`);
      if (this.#questions.length === 1) {
        this.#waitForAnswer();
      }
    });
  }

  /** What was asked is still answered. */
  finish(): void {
    this.#child.stdin.end();
  }

  #answer(): void {
    for (let read = this.#take(); read; read = this.#take()) {
      this.#questions.shift()?.answer(read.object);
      if (this.#questions.length > 0) {
        this.#waitForAnswer();
      } else {
        this.#waitForQuestion();
      }
    }
  }

  /** The next whole answer, when it is there. */
  #take(): { object: GitObject | undefined } | undefined {
    const [question] = this.#questions;
    if (!question) {
      return undefined;
    }
    if (!this.#header) {
      const line = this.#bytes.takeLine();
      if (line === undefined) {
        return undefined;
      }
      const [, id, type, size] = FOUND.exec(line) ?? [];
      if (id === undefined) {
        return { object: undefined };
      }
      this.#header = {
        id,
        type: type as GitObject['type'],
        size: Number(size),
      };
    }
    const header = this.#header;
    const isWanted = header.size <= question.maxBytes;
    // a line feed follows
    const content = this.#bytes.take(header.size + 1, isWanted);
    if (content === undefined) {
      return undefined;
    }
    this.#header = undefined;
    return {
      object: {
        ...header,
        content: isWanted ? content.subarray(0, header.size) : undefined,
      },
    };
  }

  #waitForAnswer(): void {
    this.#after(LONGEST_ANSWER_MILLISECONDS, () => {
      this.#processes.end(this.#child);
      this.#end(`took longer than ${LONGEST_ANSWER_MILLISECONDS} ms`);
    });
  }

  #waitForQuestion(): void {
    this.#after(IDLE_MILLISECONDS, () => {
      this.#onEnd(this);
      this.finish();
    });
  }

  #after(milliseconds: number, fn: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(fn, milliseconds);
    this.#timer.unref();
  }

  #end(reason: string): void {
    clearTimeout(this.#timer);
    this.#onEnd(this);
    for (const { fail } of this.#questions.splice(0)) {
      fail(new GitCommandError('cat-file', undefined, reason));
    }
  }
}
