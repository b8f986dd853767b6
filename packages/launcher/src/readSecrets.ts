import { randomBytes } from 'crypto';
import { mkdir, readFile, rename, writeFile } from 'fs/promises';
import { dirname } from 'path';
import { z } from 'zod';
import { errorCode } from './errorCode';
import { LauncherError } from './LauncherError';

/** The seed of an Ed25519 key in base64, as `audit.signingKeys` takes it. */
const seed = z.base64().length(44);

const secretsSchema = z.object({
  postgres: z.string().min(16),
  app: z.string().min(16),
  stock: z.string().min(16),
  migrator: z.string().min(16),
  jobs: z.string().min(16),
  backend: z.string().min(16),
  audit: seed,
});

/** A data folder of before the audit has no key for it. */
const storedSecretsSchema = secretsSchema.partial({ audit: true });

/** Passwords of the embedded database's logins, the backend's own secret, the audit's key. */
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
  let stored: z.infer<typeof storedSecretsSchema>;
  try {
    stored = storedSecretsSchema.parse(JSON.parse(text));
  } catch {
    throw new LauncherError(
      `The secrets in ${path} are damaged: restore the file from a copy, or move its folder away to start with an empty portal.`,
    );
  }
  if (stored.audit) {
    return { ...stored, audit: stored.audit };
  }
  return writeSecrets(path, { ...stored, audit: makeSeed() });
}

function makeSeed(): string {
  return randomBytes(32).toString('base64');
}

async function makeSecrets(path: string): Promise<Secrets> {
  const make = () => randomBytes(24).toString('base64url');
  return writeSecrets(path, {
    postgres: make(),
    app: make(),
    stock: make(),
    migrator: make(),
    jobs: make(),
    backend: make(),
    audit: makeSeed(),
  });
}

async function writeSecrets(path: string, secrets: Secrets): Promise<Secrets> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(secrets, null, 2)}\n`, {
    mode: 0o600,
  });
  await rename(temporary, path);
  return secrets;
}
