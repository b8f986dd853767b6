/** A folder of files, ready for a tool. */
export interface RenderInput {
  tool: 'kustomize' | 'helm';
  /** By path, relative to the folder that the tool sees; never with `..`. */
  files: ReadonlyMap<string, string>;
  /** Folder of the overlay, or of the chart. */
  folder: string;
  /** Helm only: the file of values, and the name of the release. */
  values?: string;
  release?: string;
}

/** Why something is not rendered, in a sentence for people. */
export class NotRenderable extends Error {
  override readonly name = 'NotRenderable';
}
