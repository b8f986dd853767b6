import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { componentFile, GitHostFolder } from './__testUtils__/GitHostFolder';
import { BareRepository } from './BareRepository';
import { buildLimits, buildSite } from './buildSite';
import { bringPythonEnvironment } from './PythonEnvironment';
import { readSiteConfig } from './readSiteConfig';

// The packages come from a registry and take their time once.
jest.setTimeout(300_000);

const packageRoot = resolve(__dirname, '..');

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'portico-mkdocs-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function bring() {
  return bringPythonEnvironment({
    directory: resolve(packageRoot, '../../.portico/python'),
    requirementsFile: join(packageRoot, 'python/requirements.txt'),
    environment: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? root,
    },
  });
}

/** Builds a repository with the real MkDocs; undefined where there is none. */
async function build(files: Record<string, string>) {
  const python = await bring();
  if ('missing' in python) {
    // eslint-disable-next-line no-console -- a reader of the log has to know
    console.warn(`Not tried with MkDocs: ${python.missing}`);
    return undefined;
  }
  const git = new GitHostFolder(root);
  const commit = git.push('aurora/checkout', files);
  const [repository] = await BareRepository.list(git.repositories);
  const config = readSiteConfig(
    await repository.text(commit, 'mkdocs.yml'),
    'checkout',
  );
  return buildSite(
    {
      repository,
      config,
      folder: 'docs',
      files: (await repository.files(commit, 'docs')).files,
    },
    {
      python: python.python,
      hook: join(packageRoot, 'python/keep_inside.py'),
      workFolder: mkdtempSync(join(root, 'work-')),
      limits: buildLimits,
      signal: new AbortController().signal,
    },
  );
}

it('builds pages as TechDocs shows them, and nothing that reaches out of them', async () => {
  const trap = join(root, 'trap');
  const hostile = `open(${JSON.stringify(trap)}, 'w').close()`;
  const built = await build({
    'catalog-info.yaml': componentFile('checkout'),
    'mkdocs.yml': [
      'site_name: Checkout',
      'hooks: [evil.py]',
      'plugins: [techdocs-core, macros]',
      'markdown_extensions:',
      '  - pymdownx.snippets: { base_path: [/], restrict_base_path: false }',
      '  - evil',
    ].join('\n'),
    'evil.py': hostile,
    'markdown.py': hostile,
    'docs/markdown.py': hostile,
    'docs/index.md': [
      '# Checkout',
      '--8<-- "part.md"',
      '--8<-- "/etc/passwd"',
      '--8<-- "../mkdocs.yml"',
      '!!! note\n    Mind this.',
      '```ts\nconst a = 1;\n```',
      '```plantuml source="/etc/passwd" server="http://127.0.0.1:9"\na -> b\n```',
      '{% dot out.svg\ndigraph G { a -> b }\n%}',
    ].join('\n\n'),
    'docs/part.md': 'From a part.',
  });
  if (!built) return;
  if ('reason' in built) throw new Error(`${built.reason} ${built.log}`);
  expect(built.files).toEqual(
    expect.arrayContaining([
      'index.html',
      'search/search_index.json',
      'techdocs_metadata.json',
    ]),
  );
  const page = readFileSync(join(built.folder, 'index.html'), 'utf8');
  expect(page).toContain('From a part.');
  expect(page).toContain('admonition-title');
  expect(page).toMatch(/<pre>(<span><\/span>)?<code tabindex="0">/);
  expect(page).not.toContain('fonts.');
  expect(page).toContain('digraph G');
  expect(page).not.toMatch(
    /root:|docs_dir|<svg[^>]*data-diagram|127\.0\.0\.1:9\/svg/,
  );
  expect(existsSync(trap)).toBe(false);
});

it('tells what MkDocs says of a page that it does not find', async () => {
  const built = await build({
    'catalog-info.yaml': componentFile('checkout'),
    'mkdocs.yml': 'nav: [index.md, absent.md]',
    'docs/index.md': '# Checkout',
  });
  if (!built) return;
  expect(built.log).toContain('absent.md');
  expect(built.log).not.toContain(root);
});
