import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const sessionSchema = z.object({
  token: z.string(),
  userRef: z.string(),
  /** Seconds since the epoch. */
  expiresAt: z.number(),
});

/** A sign-in that is kept between two commands. */
export type StoredSession = z.infer<typeof sessionSchema>;

const contentSchema = z.object({
  /** The portal of the last login. */
  url: z.string().optional(),
  /** By address of the portal. */
  sessions: z.record(z.string(), sessionSchema).default({}),
});
type Content = z.infer<typeof contentSchema>;

/** Where the command line keeps sign-ins: a file that only its owner can read. */
export class CredentialsFile {
  /** Below `$XDG_CONFIG_HOME`, or `~/.config`. */
  static fromEnvironment(env: NodeJS.ProcessEnv): CredentialsFile {
    const folder =
      env.XDG_CONFIG_HOME || path.join(env.HOME || homedir(), '.config');
    return new CredentialsFile(path.join(folder, 'portico', 'config.json'));
  }

  private constructor(readonly file: string) {}

  /**
   * @throws Error when the file is there but is not what this program writes
   */
  async read(): Promise<Content> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return { sessions: {} };
      }
      throw new Error(`Could not read ${this.file}: ${String(error)}`);
    }
    try {
      return contentSchema.parse(JSON.parse(text));
    } catch {
      throw new Error(
        `${this.file} is not a configuration of portico: remove it and run portico login again`,
      );
    }
  }

  /** Keeps a session, and its portal as the default of later commands. */
  async keep(url: string, session: StoredSession): Promise<void> {
    const content = await this.read();
    await this.write({
      url,
      sessions: { ...content.sessions, [url]: session },
    });
  }

  /** Forgets the session at a portal. */
  async forget(url: string): Promise<void> {
    const content = await this.read();
    const { [url]: _forgotten, ...sessions } = content.sessions;
    await this.write({ ...content, sessions });
  }

  /** Tells whether others on this machine could read the file. */
  async isPrivate(): Promise<boolean> {
    try {
      // eslint-disable-next-line no-bitwise -- permission bits
      return ((await stat(this.file)).mode & 0o077) === 0;
    } catch {
      return true;
    }
  }

  /** Written beside and moved over, so that a killed command leaves the old one. */
  private async write(content: Content): Promise<void> {
    await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
    const draft = `${this.file}.${randomUUID()}`;
    await writeFile(draft, `${JSON.stringify(content, undefined, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
    await rename(draft, this.file);
  }
}
