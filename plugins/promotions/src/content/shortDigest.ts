/** The beginning of a digest or of the id of a commit, enough to tell it from others. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
