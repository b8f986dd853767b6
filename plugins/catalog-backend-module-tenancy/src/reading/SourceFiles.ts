/** Reads files of one source at one revision; implemented per kind of source. */
export interface SourceFiles {
  /**
   * The bytes of a file.
   *
   * @param path - from the source's root, never with `..`
   * @throws NotFoundError when there is no such file, InputError when it may not be
   *   read (too large, a symbolic link); any other error means that the source
   *   cannot be read now
   */
  read(path: string): Promise<Buffer>;
}
