import { execFile } from 'child_process';
import { mkdtemp, readFile, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { promisify } from 'util';

const run = promisify(execFile);

/** A clone of a repository of the Git host, to push changes from. */
export class WorkingCopy {
  static async clone(options: {
    url: string;
    token: string;
  }): Promise<WorkingCopy> {
    const directory = await mkdtemp(path.join(tmpdir(), 'portico-e2e-'));
    const copy = new WorkingCopy(directory, options.token);
    await copy.#git('clone', '--quiet', options.url, '.');
    return copy;
  }

  readonly #directory: string;
  readonly #token: string;

  private constructor(directory: string, token: string) {
    this.#directory = directory;
    this.#token = token;
  }

  read(file: string): Promise<string> {
    return readFile(path.join(this.#directory, file), 'utf8');
  }

  /** Replaces a file, commits and pushes. */
  async push(file: string, content: string, message: string): Promise<void> {
    await writeFile(path.join(this.#directory, file), content);
    await this.#git(
      '-c',
      'user.name=End-to-end test',
      '-c',
      'user.email=e2e@portico.invalid',
      'commit',
      '--quiet',
      '--all',
      `--message=${message}`,
    );
    await this.#git('push', '--quiet');
  }

  remove(): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }

  async #git(...args: string[]): Promise<void> {
    await run(
      'git',
      ['-c', `http.extraHeader=Authorization: Bearer ${this.#token}`, ...args],
      {
        cwd: this.#directory,
        timeout: 30_000,
        env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
      },
    );
  }
}
