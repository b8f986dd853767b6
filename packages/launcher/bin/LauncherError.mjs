/** A failure that is explained in one sentence; printed without a stack. */
export class LauncherError extends Error {
  name = 'LauncherError';
}

/** Prints why a command failed and ends the process. */
export function fail(error) {
  const text =
    error instanceof LauncherError ? error.message : error?.stack ?? error;
  process.stderr.write(`\n✗ ${text}\n`);
  process.exit(1);
}
