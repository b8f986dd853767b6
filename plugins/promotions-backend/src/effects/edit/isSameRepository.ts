/** Path of the embedded Git host; its address changes when the portal moves. */
const EMBEDDED = /\/api\/git-host\/([^/]+\/[^/]+)$/;

/** Whether two addresses mean one repository, whatever `.git` and slashes at their ends. */
export function isSameRepository(one: string, other: string): boolean {
  const [a, b] = [identityOf(one), identityOf(other)];
  return a !== undefined && a === b;
}

function identityOf(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) {
    return undefined;
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  const embedded = EMBEDDED.exec(path);
  return embedded ? `portico:${embedded[1]}` : `${url.host}${path}`;
}
