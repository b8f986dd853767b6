/** A path into a document, as in `['spec', 'dependsOn', 0]`. */
export type DocumentPath = ReadonlyArray<string | number>;

/** A document, or a part of it, that is refused: where and why. */
export class RefusedDocument extends Error {
  override readonly name = 'RefusedDocument';

  constructor(
    readonly path: DocumentPath,
    reason: string,
    /** Where the path alone would lead to another line. */
    readonly line?: number,
  ) {
    super(reason);
  }
}

/** `spec.dependsOn.0`, for messages. */
export function pathText(path: DocumentPath): string {
  return path.join('.');
}

/** Text of a file, shortened and quoted for messages. */
export function quote(text: unknown): string {
  const shown = typeof text === 'string' ? text : JSON.stringify(text) ?? '';
  return JSON.stringify(shown.length > 120 ? `${shown.slice(0, 120)}…` : shown);
}
