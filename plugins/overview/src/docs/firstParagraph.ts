/** Characters of a summary. */
const MAX_LENGTH = 400;

/**
 * The first paragraph of a Markdown text, without its marks: what something is about.
 *
 * @returns nothing where there is no paragraph before the first lists, tables and code
 */
export function firstParagraph(markdown: string): string | undefined {
  const blocks = markdown
    .replace(/\r\n?/g, '\n')
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .split(/\n{2,}/)
    .map(block =>
      block
        .split('\n')
        // A heading may stand right above its text.
        .filter(line => !/^\s{0,3}#{1,6}(\s|$)/.test(line))
        .join('\n')
        .trim(),
    )
    .filter(block => block !== '' && !/^[-=]{3,}$/.test(block));
  const block = blocks.find(each => !isBadgeOrImage(each));
  if (block === undefined || /^(```|~~~|[-*+] |\d+[.)] |\||>|<)/.test(block)) {
    return undefined;
  }
  const text = plain(block);
  if (text === '') {
    return undefined;
  }
  return text.length <= MAX_LENGTH
    ? text
    : `${text.slice(0, MAX_LENGTH - 1).replace(/\s+\S*$/, '')}…`;
}

function isBadgeOrImage(block: string): boolean {
  return plain(block) === '' && block.includes('![');
}

function plain(block: string): string {
  return block
    .replace(/\[?!\[[^\]]*\]\([^)]*\)(\]\([^)]*\))?/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]*)\]\[[^\]]*\]/g, '$1')
    .replace(/<[^>]*>/g, '')
    .replace(/(\*\*|__|`)/g, '')
    .replace(/(^|\s)[*_](\S(?:.*?\S)?)[*_](?=\s|[.,;:!?]|$)/g, '$1$2')
    .replace(/\s+/g, ' ')
    .trim();
}
