/**
 * The command that checks a bundle on any machine, without the portal.
 *
 * @param file - name of the downloaded bundle
 * @param keys - verifier keys, newest first: an older one introduces the next, but for
 *   a key that was lost, so all are given
 */
export function verifyCommand(file: string, keys: readonly string[]): string {
  const trusted = [...keys].reverse().map(quote).join(' ');
  return `portico audit verify ${quote(file)} --key ${trusted}`;
}

/** One word of a shell. */
function quote(text: string): string {
  return /^[\w./:@=+-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
