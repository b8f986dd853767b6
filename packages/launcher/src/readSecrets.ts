import { randomBytes } from 'crypto';
import { mkdir, readFile, rename, writeFile } from 'fs/promises';
import { dirname } from 'path';
import { z } from 'zod';
import { errorCode } from './errorCode';
import { LauncherError } from './LauncherError';

const secretsSchema = z.object({
  postgres: z.string().min(16),
  app: z.string().min(16),
  stock: z.string().min(16),
  migrator: z.string().min(16),
  jobs: z.string().min(16),
  backend: z.string().min(16),
});

/** Passwords of the embedded database's logins, and the backend's own secret. */
export type Secrets = z.infer<typeof secretsSchema>;

/**
 * Reads the secrets of a data folder, or makes them at the first start. The file can
 * be read by its owner only.
 */
export async function readSecrets(path: string): Promise<Secrets> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return makeSecrets(path);
    throw new LauncherError(
      `The secrets in ${path} cannot be read (${error}): start as the user who owns the file.`,
    );
  }
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch {
    throw new LauncherError(
      `The secrets in ${path} are damaged: restore the file from a copy, or move its folder away to start with an empty portal.`,
    );
  }
}

async function makeSecrets(path: string): Promise<Secrets> {
  const make = () => randomBytes(24).toString('base64url');
  const secrets: Secrets = {
    postgres: make(),
    app: make(),
    stock: make(),
    migrator: make(),
    jobs: make(),
    backend: make(),
  };
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(secrets, null, 2)}\n`, {
    mode: 0o600,
  });
  await rename(temporary, path);
  return secrets;
}
