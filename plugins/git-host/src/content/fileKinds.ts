const IMAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['avif', 'image/avif'],
  ['gif', 'image/gif'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['webp', 'image/webp'],
]);

/** Media type of an image that a browser shows, by the name of the file. */
export function imageType(path: string): string | undefined {
  return IMAGE_TYPES.get(extensionOf(path));
}

export function isMarkdown(path: string): boolean {
  return ['md', 'markdown'].includes(extensionOf(path));
}

/** The file of a folder that is shown below it. */
export function isReadme(path: string): boolean {
  return /^readme(?:\.md|\.markdown)$/i.test(path.split('/').pop() ?? '');
}

function extensionOf(path: string): string {
  const name = path.split('/').pop() ?? '';
  return name.includes('.') ? (name.split('.').pop() ?? '').toLowerCase() : '';
}
