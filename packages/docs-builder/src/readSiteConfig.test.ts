import fc from 'fast-check';
import { stringify } from 'yaml';
import { readSiteConfig, SiteConfigError } from './readSiteConfig';

const read = (text: string) => readSiteConfig(text, 'checkout');

it('takes names, pages and harmless extensions', () => {
  expect(
    read(`
site_name: Checkout
site_description: How orders are paid.
docs_dir: ./handbook/
nav:
  - Overview: index.md
  - guides/first steps.md
  - More:
      - Website: https://example.org/checkout
plugins: [techdocs-core, search]
theme: { name: material }
markdown_extensions:
  - admonition
  - pymdownx.keys
  - toc: { permalink: true, toc_depth: 3, slugify: anything }
`),
  ).toEqual({
    siteName: 'Checkout',
    siteDescription: 'How orders are paid.',
    docsFolder: 'handbook',
    navigation: [
      { Overview: 'index.md' },
      'guides/first steps.md',
      { More: [{ Website: 'https://example.org/checkout' }] },
    ],
    markdownExtensions: [
      'pymdownx.keys',
      { toc: { permalink: true, toc_depth: 3 } },
    ],
    notes: [],
  });
});

it('has a name and a folder where there is no file', () => {
  expect(readSiteConfig(undefined, 'checkout')).toEqual({
    siteName: 'checkout',
    docsFolder: 'docs',
    markdownExtensions: [],
    notes: [],
  });
});

it.each([
  ['hooks: [evil.py]', '"hooks" is not used'],
  ['INHERIT: ../other.yml', '"INHERIT" is not used'],
  ['watch: [/etc]', '"watch" is not used'],
  ['extra_javascript: [evil.js]', '"extra_javascript" is not used'],
  ['plugins: [techdocs-core, macros]', 'The plugin "macros" is not used'],
  ['plugins: { exec: { on: x } }', 'The plugin "exec" is not used'],
  [
    'markdown_extensions: { pymdownx.blocks.html: {}, pymdownx.snippets: { base_path: / } }',
    'The Markdown extension "pymdownx.blocks.html" is not used',
  ],
  ['site_name: !ENV [HOME, x]', 'Unresolved tag: !ENV'],
  [
    'markdown_extensions:\n  - toc: { slugify: !!python/name:os.system }',
    'Unresolved tag: tag:yaml.org,2002:python/name:os.system',
  ],
  ["nav: [a.md, '!include /etc/x.yml']", '"!include /etc/x.yml" of nav'],
  [
    "nav: [a.md, '*include ./*/mkdocs.yml']",
    '"*include ./*/mkdocs.yml" of nav',
  ],
  ['nav: [a.md, ../../secret.md]', '"../../secret.md" of nav'],
  ['nav: [a.md, /etc/passwd]', '"/etc/passwd" of nav'],
  ["nav: [a.md, 'javascript:alert(1)']", '"javascript:alert(1)" of nav'],
])('leaves %s out and says so', (text, note) => {
  const config = read(text);
  expect(config.notes.join('\n')).toContain(note);
  expect(config.navigation ?? ['a.md']).toEqual(['a.md']);
  expect(config.markdownExtensions).toEqual([]);
});

it.each([
  ['docs_dir: ../other', 'docs_dir'],
  ['docs_dir: /etc', 'docs_dir'],
  ['docs_dir: a/../../b', 'docs_dir'],
  ['docs_dir: [a]', 'docs_dir'],
  ['site_name: [', 'cannot be read'],
  ['- a', 'is no map'],
  [`nav: ${'[{a: '.repeat(20)}x${'}]'.repeat(20)}`, 'deeper than'],
  [
    'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nnav: [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
    'aliases',
  ],
  ['x'.repeat(300_000), 'larger'],
])('refuses %.40s', (text, reason) => {
  expect(() => read(text)).toThrow(SiteConfigError);
  expect(() => read(text)).toThrow(reason);
});

function readOrRefuse(text: string) {
  try {
    return read(text);
  } catch {
    return undefined;
  }
}

it('never lets anything but known values through', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom(
          'site_name',
          'site_description',
          'docs_dir',
          'nav',
          'plugins',
          'markdown_extensions',
          'hooks',
        ),
        fc.anything({ maxDepth: 3, key: fc.constantFrom('toc', 'a', '..') }),
      ),
      values => {
        const config = readOrRefuse(stringify(values));
        if (!config) return;
        expect(config.docsFolder).not.toMatch(/^(\/|\.\.(\/|$))/);
        expect(config.docsFolder.split('/')).not.toContain('..');
        for (const extension of config.markdownExtensions) {
          expect(typeof extension === 'string' || 'toc' in extension).toBe(
            true,
          );
        }
        const targets: string[] = [];
        JSON.stringify(config.navigation ?? [], (_, value) => {
          if (typeof value === 'string') targets.push(value);
          return value;
        });
        for (const target of targets) {
          expect(target).not.toMatch(/^[!*/\\]|(^|\/)\.\.(\/|$)/);
        }
      },
    ),
    { numRuns: 300 },
  );
});
