/** `aurora/kim` of `user:aurora/kim`: what it is, is told beside it. */
export function shortRef(ref: string): string {
  return ref.replace(/^(user|plugin):/, '');
}
