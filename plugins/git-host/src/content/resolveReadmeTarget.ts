/** What a link or image of a document leads to. */
export type ReadmeTarget =
  /** A file or folder of the same repository. */
  | { kind: 'repository'; path: string }
  /** A heading of the same document. */
  | { kind: 'heading'; id: string }
  /** A page elsewhere, or a mail address. */
  | { kind: 'external'; url: string }
  /** Nothing that may be followed. */
  | { kind: 'refused' };

const EXTERNAL_PROTOCOLS: ReadonlySet<string> = new Set([
  'http:',
  'https:',
  'mailto:',
]);

/**
 * Decides where a link of a document leads. Whoever writes the document is not
 * trusted: what is neither a plain address nor a path in the repository is refused.
 *
 * @param target - as the document says it
 * @param file - path of the document, from the root of the repository
 */
export function resolveReadmeTarget(
  target: string,
  file: string,
): ReadmeTarget {
  const trimmed = target.trim();
  if (trimmed.startsWith('#')) {
    return { kind: 'heading', id: trimmed.slice(1) };
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed)) {
    try {
      const url = new URL(trimmed);
      return EXTERNAL_PROTOCOLS.has(url.protocol)
        ? { kind: 'external', url: url.href }
        : { kind: 'refused' };
    } catch {
      return { kind: 'refused' };
    }
  }
  // Two slashes in front would be another host; browsers read backslashes as slashes.
  if (trimmed === '' || trimmed.startsWith('//') || trimmed.includes('\\')) {
    return { kind: 'refused' };
  }
  const path = resolvePath(trimmed, file);
  return path === undefined
    ? { kind: 'refused' }
    : { kind: 'repository', path };
}

function resolvePath(target: string, file: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(target.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
  const folder = decoded.startsWith('/') ? [] : file.split('/').slice(0, -1);
  const parts = [...folder];
  for (const part of decoded.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) {
        return undefined;
      }
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/');
}
