import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMarkdown } from '../lib/renderMarkdown.mjs';

const render = text => renderMarkdown(text, ({ target }) => target).html;

test('headings, lists, code and paragraphs', () => {
  assert.equal(render('# One\n\ntwo\nthree'), '<h1>One</h1>\n<p>two three</p>');
  assert.equal(render('- a\n- b'), '<ul>\n<li>a</li>\n<li>b</li>\n</ul>');
  assert.equal(render('1. a\n2. b'), '<ol>\n<li>a</li>\n<li>b</li>\n</ol>');
  assert.equal(
    render('**a** *b* `**c**`'),
    '<p><strong>a</strong> <em>b</em> <code>**c**</code></p>',
  );
  assert.match(
    render('```\n# no\n```'),
    /^<pre tabindex="0"><code># no<\/code><\/pre>$/,
  );
});

test('HTML is shown, never run, wherever it stands', () => {
  const nasty = "<script>alert(1)</script>\" onload='x'";
  for (const text of [
    nasty,
    `# ${nasty}`,
    `- ${nasty}`,
    `\`${nasty}\``,
    `[${nasty}](a.md)`,
    `**${nasty}**`,
  ]) {
    assert.doesNotMatch(render(text), /<script|" onload/);
  }
});

test('the title is the first heading', () => {
  assert.equal(renderMarkdown('text\n# A\n# B', () => '').title, 'A');
  assert.equal(renderMarkdown('text', () => '').title, undefined);
});
