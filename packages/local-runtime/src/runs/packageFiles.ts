import { InputError } from '@backstage/errors';
import { z } from 'zod';

const packageSchema = z.looseObject({
  version: z.string().max(100).optional(),
  scripts: z.record(z.string(), z.string()).default({}),
});

/** `package.json` of a service, as far as it matters here. */
export type PackageFile = z.infer<typeof packageSchema>;

const lockedPackageSchema = z.looseObject({
  dev: z.boolean().optional(),
  link: z.boolean().optional(),
});

const lockSchema = z.looseObject({
  lockfileVersion: z.number().int().min(2).max(3),
  packages: z.record(z.string(), lockedPackageSchema),
});

/** `package-lock.json`, as far as it matters here. */
export type LockFile = z.infer<typeof lockSchema>;

export function parsePackageFile(text: string): PackageFile {
  return parseAs(packageSchema, 'package.json', text);
}

export function parseLockFile(text: string): LockFile {
  return parseAs(lockSchema, 'package-lock.json', text);
}

function parseAs<T>(schema: z.ZodType<T>, name: string, text: string): T {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new InputError(`${name} is no JSON.`);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `${name} cannot be used, at ${issue.path.join('.') || 'its root'}: ${
        issue.message
      }.`,
    );
  }
  return parsed.data;
}

/** Folders of packages that are of use in development only. */
export function developmentPackages(lock: LockFile): ReadonlySet<string> {
  return new Set(
    Object.entries(lock.packages)
      .filter(([, { dev }]) => dev === true)
      .map(([path]) => path),
  );
}

/**
 * What an installation depends on, as one text: the lockfile and what `package.json`
 * asks for, without the name and version of the package itself. Services that are made
 * by the same golden path have the same.
 */
export function installationKey(
  packageFile: PackageFile,
  lock: LockFile,
): string {
  const { '': root = {}, ...packages } = lock.packages;
  return JSON.stringify([
    process.version,
    process.platform,
    process.arch,
    asked(packageFile),
    asked(root),
    lock.lockfileVersion,
    Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

function asked(of: Record<string, unknown>) {
  return [
    'dependencies',
    'devDependencies',
    'optionalDependencies',
    'peerDependencies',
    'bundleDependencies',
    'bundledDependencies',
    'overrides',
    'workspaces',
    'engines',
    'os',
    'cpu',
  ].map(key => of[key] ?? null);
}
