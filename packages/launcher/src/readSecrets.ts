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
  runtime: z.string().min(16),
});

/** A data folder may be older than the audit or the local runtime. */
const storedSecretsSchema = secretsSchema.partial({
  audit: true,
  runtime: true,
});

/**
 * Passwords of the embedded database's logins, the backend's own secret, the audit's key,
 * the token of the local runtime.
 */
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
  const { audit, runtime } = stored;
  if (audit && runtime) {
    return { ...stored, audit, runtime };
  }
  return writeSecrets(path, {
    ...stored,
    audit: audit ?? makeSeed(),
    runtime: runtime ?? makePassword(),
  });
}

function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

function makeSeed(): string {
  return randomBytes(32).toString('base64');
}

async function makeSecrets(path: string): Promise<Secrets> {
  return writeSecrets(path, {
    postgres: makePassword(),
    app: makePassword(),
    stock: makePassword(),
    migrator: makePassword(),
    jobs: makePassword(),
    backend: makePassword(),
    audit: makeSeed(),
    runtime: makePassword(),
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
