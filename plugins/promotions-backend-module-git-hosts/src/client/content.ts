import { type HostedFile } from './GitHostClient';

/** Content as hosts send it: base64, in lines. */
export function decodeContent(content: string): string {
  return Buffer.from(content, 'base64').toString('utf8');
}

/** The files of a tree that lie below a folder; all of them without one. */
export function filesBelow(
  folder: string,
  tree: ReadonlyArray<HostedFile & { type: string }>,
): HostedFile[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return tree
    .filter(({ type, path }) => type === 'blob' && path.startsWith(prefix))
    .map(({ path, blob }) => ({ path, blob }));
}
