/**
 * Bounds of what one source may hand to the portal. They keep a hostile or
 * accidental file from occupying the process, and are far above honest use.
 */
export const readingLimits = {
  /** Bytes of one catalog file. */
  fileBytes: 512 * 1024,
  /** Bytes of one file embedded by `$text`, `$json` or `$yaml`. */
  embeddedBytes: 1024 * 1024,
  /** Files read for one source, embedded ones included. */
  files: 200,
  /** Bytes of all files of one source. */
  sourceBytes: 16 * 1024 * 1024,
  /** Documents in one file. */
  documents: 2000,
  /** Lines, brackets, commas, quotes and keys of one document, as far as a quick look tells. */
  parts: 25_000,
  /** Entities of one source. */
  entities: 5000,
  /** Uses of YAML aliases in one document. */
  aliases: 20,
  /** Bytes of one entity as JSON, embedded files included. */
  entityBytes: 1024 * 1024,
  /** Levels of nesting in one entity. */
  depth: 40,
  /** `Location` files that lead from one to the next. */
  locationDepth: 5,
  /** Refusals that are kept for one source; more only repeat the message. */
  refusals: 500,
} as const;
