/** The portal could not be reached, or refused: exit code 1. */
export class PortalError extends Error {
  override readonly name = 'PortalError';

  constructor(
    message: string,
    /** HTTP status, where there was an answer. */
    readonly status?: number,
  ) {
    super(message);
  }
}
