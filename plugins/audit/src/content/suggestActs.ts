/**
 * The acts to choose from, each group of at least two before its members:
 * `tenancy.*`, `tenancy.member.*`, `tenancy.member.add`.
 */
export function suggestActs(acts: readonly string[]): string[] {
  const groups = new Map<string, number>();
  for (const act of acts) {
    const words = act.split('.');
    for (let length = 1; length < words.length; length += 1) {
      const group = `${words.slice(0, length).join('.')}.*`;
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
  }
  return [
    ...acts,
    ...[...groups].filter(([, size]) => size > 1).map(([group]) => group),
  ].sort((left, right) => sortKey(left).localeCompare(sortKey(right), 'en'));
}

/** `*` goes before every letter. */
function sortKey(act: string): string {
  return act.replace('*', ' ');
}
