/** The portal's own sentence for a failed request, without its technical prefix. */
export function describeError(error: Error | undefined): string {
  const cause =
    error && 'cause' in error && error.cause instanceof Error
      ? error.cause
      : error;
  return cause?.message ?? '';
}
