/**
 * The command that checks a bundle on any machine, without the portal.
 *
 * @param file - name of the downloaded bundle
 * @param key - verifier key that the checker trusts
 */
export function verifyCommand(file: string, key: string): string {
  return `portico audit verify ${quote(file)} --key ${quote(key)}`;
}

/** One word of a shell. */
function quote(text: string): string {
  return /^[\w./:@=+-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
