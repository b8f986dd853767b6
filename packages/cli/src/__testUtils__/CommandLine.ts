import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdtemp,
  mkdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PROGRAM = path.resolve(__dirname, '../../bin/portico.mjs');

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line as a user has it: a process of its own, with a home of its own. */
export class CommandLine {
  static async create(portalUrl: string): Promise<CommandLine> {
    return new CommandLine(
      portalUrl,
      await mkdtemp(path.join(tmpdir(), 'portico-cli-')),
    );
  }

  private constructor(
    private readonly portalUrl: string,
    private readonly home: string,
  ) {}

  get credentialsPath(): string {
    return path.join(this.home, 'portico', 'config.json');
  }

  /** Runs a command to its end. */
  async run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  /** Runs a command that must succeed, and parses its JSON. */
  async json(args: string[], env: Record<string, string> = {}) {
    const { code, stdout, stderr } = await this.run(
      [...args, '--output', 'json'],
      env,
    );
    if (code !== 0) {
      throw new Error(
        `portico ${args.join(' ')} ended with ${code}: ${stderr}`,
      );
    }
    return JSON.parse(stdout);
  }

  /** Starts a command that the test has to talk to. */
  start(args: string[], env: Record<string, string> = {}) {
    const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...args], {
      env: {
        PATH: process.env.PATH,
        HOME: this.home,
        XDG_CONFIG_HOME: this.home,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    let notice: () => void = () => {};
    child.stdout?.on('data', data => {
      output.stdout += data;
    });
    child.stderr?.on('data', data => {
      output.stderr += data;
      notice();
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', code => resolve({ code, ...output }));
    });
    return {
      ended,
      /** Waits until standard error matches. */
      stderrMatching: (pattern: RegExp) =>
        new Promise<RegExpExecArray>((resolve, reject) => {
          notice = () => {
            const match = pattern.exec(output.stderr);
            if (match) {
              resolve(match);
            }
          };
          notice();
          ended.then(
            end => reject(new Error(`It ended first: ${end.stderr}`)),
            reject,
          );
        }),
    };
  }

  /** Puts a sign-in into the credentials file, as `portico login` does. */
  async keepSession(session: {
    token: string;
    userRef: string;
    expiresAt: number;
  }): Promise<void> {
    await this.writeCredentials(
      JSON.stringify({
        url: this.portalUrl,
        sessions: { [this.portalUrl]: session },
      }),
    );
  }

  async writeCredentials(text: string): Promise<void> {
    await mkdir(path.dirname(this.credentialsPath), {
      recursive: true,
      mode: 0o700,
    });
    await writeFile(this.credentialsPath, text, { mode: 0o600 });
  }

  async readCredentials(): Promise<string> {
    return readFile(this.credentialsPath, 'utf8');
  }

  /** Permission bits of the credentials file and of its folder. */
  async credentialsModes(): Promise<string[]> {
    const paths = [this.credentialsPath, path.dirname(this.credentialsPath)];
    const stats = await Promise.all(paths.map(name => stat(name)));
    // eslint-disable-next-line no-bitwise -- permission bits
    return stats.map(({ mode }) => (mode & 0o777).toString(8));
  }

  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}
