/** An export is larger than a browser should hold in memory. */
export class ExportTooLargeError extends Error {
  override readonly name = 'ExportTooLargeError';

  /** @param limit - the most bytes that are held */
  constructor(readonly limit: number) {
    super(`The export has more than ${limit} bytes`);
  }
}
