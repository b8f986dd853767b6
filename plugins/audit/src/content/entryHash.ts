/**
 * The hash of an entry's canonical text: the leaf hash of RFC 9162.
 *
 * @returns undefined where the browser has no cryptography, as on plain http
 */
export async function entryHash(
  canonicalText: string,
): Promise<string | undefined> {
  const subtle: SubtleCrypto | undefined = window.crypto?.subtle;
  if (!subtle) {
    return undefined;
  }
  const text = new TextEncoder().encode(canonicalText);
  const leaf = new Uint8Array(text.length + 1);
  leaf.set(text, 1);
  const digest = new Uint8Array(await subtle.digest('SHA-256', leaf));
  return `sha256:${[...digest]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')}`;
}
