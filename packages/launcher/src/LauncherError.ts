/** A failure that is explained in one sentence; shown without a stack. */
export class LauncherError extends Error {
  override name = 'LauncherError';
}
