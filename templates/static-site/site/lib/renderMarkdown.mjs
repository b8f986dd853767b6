const ESCAPES = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that cannot end an element or an attribute. */
export function escapeHtml(text) {
  return text.replace(/[&<>"']/g, character => ESCAPES[character]);
}

/**
 * Renders a page's Markdown. HTML in it is shown as text.
 *
 * @param {string} text
 * @param {(link: {target: string, line: number}) => string} resolve - the address for a link, or throws
 * @returns {{title: string, html: string, text: string}} the text is for the search
 */
export function renderMarkdown(text, resolve) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const html = [];
  const words = [];
  let title;
  let index = 0;

  const inline = (source, line) => {
    // Code first: nothing inside of it means anything.
    return source
      .split(/(`[^`]+`)/)
      .map(part =>
        part.length > 2 && part.startsWith('`') && part.endsWith('`')
          ? `<code>${escapeHtml(part.slice(1, -1))}</code>`
          : links(part, line),
      )
      .join('');
  };
  const links = (source, line) =>
    source
      .split(/(\[[^\]]*\]\([^)\s]*\))/)
      .map(part => {
        const link = /^\[([^\]]*)\]\(([^)\s]*)\)$/.exec(part);
        return link
          ? `<a href="${escapeHtml(
              resolve({ target: link[2], line }),
            )}">${emphasis(link[1])}</a>`
          : emphasis(part);
      })
      .join('');
  const emphasis = source =>
    escapeHtml(source)
      .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
      .replace(/\*([^*]+)\*/g, '<em>$1</em>');

  const isBlockStart = line => /^(#{1,3} |- |\d+\. |```|\s*$)/.test(line);
  while (index < lines.length) {
    const number = index + 1;
    const line = lines[index];
    const heading = /^(#{1,3}) (.+)$/.exec(line);
    if (line.trim() === '') {
      index += 1;
    } else if (line.startsWith('```')) {
      const end = lines.findIndex(
        (other, at) => at > index && other.startsWith('```'),
      );
      const last = end === -1 ? lines.length : end;
      html.push(
        `<pre tabindex="0"><code>${escapeHtml(
          lines.slice(index + 1, last).join('\n'),
        )}</code></pre>`,
      );
      index = last + 1;
    } else if (heading) {
      const level = heading[1].length;
      if (level === 1 && title === undefined) title = heading[2];
      html.push(`<h${level}>${inline(heading[2], number)}</h${level}>`);
      words.push(heading[2]);
      index += 1;
    } else if (/^(- |\d+\. )/.test(line)) {
      const ordered = !line.startsWith('- ');
      const item = ordered ? /^\d+\. (.*)$/ : /^- (.*)$/;
      html.push(ordered ? '<ol>' : '<ul>');
      while (index < lines.length && item.test(lines[index])) {
        const [, content] = item.exec(lines[index]);
        html.push(`<li>${inline(content, index + 1)}</li>`);
        words.push(content);
        index += 1;
      }
      html.push(ordered ? '</ol>' : '</ul>');
    } else {
      const paragraph = [];
      do {
        paragraph.push(lines[index]);
        index += 1;
      } while (index < lines.length && !isBlockStart(lines[index]));
      html.push(`<p>${inline(paragraph.join(' '), number)}</p>`);
      words.push(paragraph.join(' '));
    }
  }
  return { title, html: html.join('\n'), text: words.join(' ') };
}
