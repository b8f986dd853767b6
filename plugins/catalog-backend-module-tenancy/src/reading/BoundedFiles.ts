import { InputError, isError } from '@backstage/errors';
import { readingLimits } from './limits';
import { type SourceFiles } from './SourceFiles';

/** A file that the source does not have, or that is refused as a whole. */
export class RefusedFile extends Error {
  override readonly name = 'RefusedFile';

  constructor(reason: string, readonly absent: boolean) {
    super(reason);
  }
}

/** Texts of a source's files, within the limits of one source. */
export class BoundedFiles {
  #read = 0;
  #bytes = 0;

  constructor(private readonly files: SourceFiles) {}

  /**
   * The text of a file.
   *
   * @throws RefusedFile when it is absent, too large, or no text; errors of an
   *   unreachable source pass through
   */
  async text(path: string, maxBytes: number): Promise<string> {
    this.#read += 1;
    if (this.#read > readingLimits.files) {
      throw new RefusedFile(
        `the source leads to more than ${readingLimits.files} files`,
        false,
      );
    }
    let content: Buffer;
    try {
      content = await this.files.read(path);
    } catch (error) {
      if (isError(error) && error.name === 'NotFoundError') {
        throw new RefusedFile(`${path} does not exist in the source`, true);
      }
      if (error instanceof InputError) {
        throw new RefusedFile(
          `${path} cannot be taken: ${error.message}`,
          false,
        );
      }
      throw error;
    }
    if (content.byteLength > maxBytes) {
      throw new RefusedFile(
        `${path} has ${content.byteLength} bytes; at most ${maxBytes} are taken`,
        false,
      );
    }
    this.#bytes += content.byteLength;
    if (this.#bytes > readingLimits.sourceBytes) {
      throw new RefusedFile(
        `the files of the source have more than ${readingLimits.sourceBytes} bytes in all`,
        false,
      );
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(content);
    } catch {
      throw new RefusedFile(`${path} is no UTF-8 text`, false);
    }
  }
}
