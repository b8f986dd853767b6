import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { escapeHtml, renderMarkdown } from './renderMarkdown.mjs';

const PAGE_NAME = /^[a-z0-9][a-z0-9-]*\.md$/;

/**
 * Makes a folder of files that can be served as they are.
 *
 * @returns the addresses of the pages
 * @throws Error with file and line when a page cannot be built
 */
export async function buildSite({ site, content, assets, target }) {
  const about = JSON.parse(await readFile(site, 'utf8'));
  const names = (await readdir(content))
    .filter(name => name.endsWith('.md'))
    .sort();
  const wrong = names.find(name => !PAGE_NAME.test(name));
  if (wrong) {
    throw new Error(
      `content/${wrong}: expected lower-case letters, digits and hyphens.`,
    );
  }
  if (!names.includes('index.md')) {
    throw new Error('content/index.md is missing: it is the start page.');
  }
  const pages = [];
  for (const name of [
    'index.md',
    ...names.filter(other => other !== 'index.md'),
  ]) {
    const rendered = renderMarkdown(
      await readFile(path.join(content, name), 'utf8'),
      ({ target: link, line }) =>
        resolveLink(link, names, `content/${name}:${line}`),
    );
    if (!rendered.title) {
      throw new Error(
        `content/${name}:1: begins without a title; expected "# Title".`,
      );
    }
    pages.push({ ...rendered, address: name.replace(/\.md$/, '.html') });
  }

  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(assets, target, { recursive: true });
  for (const page of pages) {
    await writeFile(
      path.join(target, page.address),
      layout(about, pages, page),
    );
  }
  await writeFile(
    path.join(target, 'search.json'),
    JSON.stringify(
      pages.map(({ address, title, text }) => ({ address, title, text })),
    ),
  );
  return pages.map(({ address }) => address);
}

function resolveLink(target, names, place) {
  if (/^(https?:\/\/|mailto:)/.test(target)) {
    return target;
  }
  if (names.includes(target)) {
    return target.replace(/\.md$/, '.html');
  }
  throw new Error(
    `${place}: the link "${target}" leads nowhere; expected a page of content/, https://… or mailto:….`,
  );
}

function layout(about, pages, page) {
  const menu = pages
    .map(
      ({ address, title }) =>
        `<li><a href="${address}"${
          address === page.address ? ' aria-current="page"' : ''
        }>${escapeHtml(title)}</a></li>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="${escapeHtml(about.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escapeHtml(about.description)}">
<title>${escapeHtml(page.title)} · ${escapeHtml(about.name)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script src="search.js" defer></script>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header>
<p class="name">${escapeHtml(about.name)}</p>
<nav aria-label="Pages"><ul>
${menu}
</ul></nav>
<search><label>Search <input type="search" id="search" autocomplete="off"></label>
<ul id="results" aria-label="Found pages" hidden></ul></search>
</header>
<main id="content">
${page.html}
</main>
<footer><p>${escapeHtml(about.description)}</p></footer>
</body>
</html>
`;
}
