import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DocsBuild } from '@portico/docs-builder-common';
import { componentFile, GitHostFolder } from './__testUtils__/GitHostFolder';
import { buildLimits } from './buildSite';
import { DocsBuilder } from './DocsBuilder';
import { type PythonEnvironment } from './PythonEnvironment';

// Processes take their time on a busy machine.
jest.setTimeout(60_000);

// Stands in for Python with MkDocs, which is no package of npm: it finds its folders in
// the configuration as MkDocs does, and does what a page asks for.
const STAND_IN = `#!/bin/sh
[ "$1 $2 $3 $4 $5" = "-I -B -m mkdocs build" ] || exit 9
for config in "$@"; do :; done
docs=$(sed 's/.*"docs_dir":"\\([^"]*\\)".*/\\1/' "$config")
site=$(sed 's/.*"site_dir":"\\([^"]*\\)".*/\\1/' "$config")
mkdir -p "$site/assets" "$site/search"
echo '{"site_name":"x"}' > "$site/techdocs_metadata.json"
echo x > "$site/assets/a.js"
case $(cat "$docs/index.md") in
  *HANG*) sleep 1000 & sleep 1000 ;;
  *CRASH*) echo "line of the log in $docs"; exit 3 ;;
  *CHATTY*) yes 'something is said' ;;
  *LARGE*) dd if=/dev/zero of="$site/large" bs=1024 count=4096 2>/dev/null; exit ;;
esac
cp -RP "$docs/." "$site/"
env > "$site/environment.txt"
`;

let root: string;
let git: GitHostFolder;
let stop: AbortController;
let running: Promise<void> | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'portico-docs-'));
  git = new GitHostFolder(root);
  stop = new AbortController();
  mkdirSync(git.repositories);
  writeFileSync(join(root, 'python'), STAND_IN);
  chmodSync(join(root, 'python'), 0o755);
});

afterEach(async () => {
  stop.abort();
  await running;
  running = undefined;
  rmSync(root, { recursive: true, force: true });
});

function start(
  python: Promise<PythonEnvironment> = Promise.resolve({
    python: join(root, 'python'),
    digest: 'a',
  }),
  timeoutMs = 50_000,
) {
  running = DocsBuilder.run({
    repositories: git.repositories,
    published: join(root, 'docs'),
    work: join(root, 'work'),
    hook: join(root, 'hook.py'),
    baseUrl: 'http://portal.example',
    limits: { ...buildLimits, timeoutMs, siteBytes: 2 * 1024 * 1024 },
    intervalMs: 20,
    python,
    log: () => {},
    signal: stop.signal,
  });
}

async function end() {
  stop.abort();
  await running;
  stop = new AbortController();
}

const site = (path: string) => join(root, 'docs', path);

function record(path: string): DocsBuild | undefined {
  const file = join(site(path), 'portico-build.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Waits until the record of a path fits. */
async function until(
  path: string,
  fits: (record: DocsBuild | undefined) => boolean,
): Promise<DocsBuild> {
  for (;;) {
    const current = record(path);
    if (fits(current)) return current ?? Promise.reject(new Error('removed'));
    await delay(10);
  }
}

const ended = (build: DocsBuild | undefined) =>
  build?.state === 'succeeded' || build?.state === 'failed';

it('publishes the pages of each tenant apart, as TechDocs looks for them', async () => {
  const commit = git.push('aurora/checkout', {
    'catalog-info.yaml': componentFile('Checkout'),
    'docs/index.md': 'of aurora',
  });
  git.push('borealis/checkout', {
    'catalog-info.yaml': componentFile('Checkout'),
    'docs/index.md': 'of borealis',
  });
  start();
  const built = await until('aurora/component/checkout', ended);
  await until('borealis/component/checkout', ended);
  expect(built).toMatchObject({
    state: 'succeeded',
    repository: 'aurora/checkout',
    commit,
  });
  const page = (tenant: string) =>
    readFileSync(site(`${tenant}/component/checkout/index.md`), 'utf8');
  expect(page('aurora')).toBe('of aurora');
  expect(page('borealis')).toBe('of borealis');
  expect(
    JSON.parse(
      readFileSync(
        site('aurora/component/checkout/techdocs_metadata.json'),
        'utf8',
      ),
    ),
  ).toEqual({
    site_name: 'x',
    build_timestamp: expect.any(Number),
    etag: commit,
    files: ['environment.txt', 'index.md', 'techdocs_metadata.json'],
  });
});

it('gives MkDocs an environment without anything of its own', async () => {
  process.env.PORTICO_TEST_SECRET = 'secret';
  git.push('aurora/checkout', {
    'catalog-info.yaml': componentFile('checkout'),
    'docs/index.md': 'x',
  });
  start();
  await until('aurora/component/checkout', ended);
  const names = readFileSync(
    site('aurora/component/checkout/environment.txt'),
    'utf8',
  )
    .split('\n')
    .map(line => line.split('=')[0]);
  expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME']));
  expect(names.filter(name => /PORTICO|NODE|npm|SECRET/i.test(name))).toEqual(
    [],
  );
});

it('follows pushes, and builds nothing again that stayed the same', async () => {
  const files = {
    'catalog-info.yaml': componentFile('checkout'),
    'docs/index.md': 'first',
  };
  const path = 'aurora/component/checkout';
  git.push('aurora/checkout', files);
  start();
  const first = await until(path, ended);
  const second = git.push('aurora/checkout', {
    ...files,
    'docs/index.md': 'second',
  });
  await until(path, build => ended(build) && build?.commit === second);
  expect(readFileSync(site(`${path}/index.md`), 'utf8')).toBe('second');

  // Code alone changes nothing here; the next page tells that it was looked at.
  git.push('aurora/checkout', {
    ...files,
    'docs/index.md': 'second',
    'src/code.ts': 'x',
  });
  git.push('aurora/other', {
    'catalog-info.yaml': componentFile('other'),
    'docs/index.md': 'x',
  });
  await until('aurora/component/other', ended);
  expect(record(path)?.commit).toBe(second);
  expect(first.commit).not.toBe(second);
});

it('builds nothing again after a start, and takes away what is gone', async () => {
  const path = 'aurora/component/checkout';
  git.push('aurora/checkout', {
    'catalog-info.yaml': componentFile('checkout'),
    'docs/index.md': 'x',
  });
  start();
  const before = await until(path, ended);
  await end();
  git.push('aurora/other', {
    'catalog-info.yaml': componentFile('other'),
    'docs/index.md': 'x',
  });
  start();
  await until('aurora/component/other', ended);
  expect(record(path)).toEqual(before);

  rmSync(join(git.repositories, 'aurora/checkout.git'), { recursive: true });
  git.push('aurora/other', { 'catalog-info.yaml': componentFile('renamed') });
  await until('aurora/component/renamed', ended);
  expect(existsSync(site(path))).toBe(false);
  expect(existsSync(site('aurora/component/other'))).toBe(false);
});

it('keeps what MkDocs said of a page that it could not build', async () => {
  git.push('aurora/checkout', {
    'catalog-info.yaml': componentFile('checkout'),
    'docs/index.md': 'CRASH',
  });
  start();
  expect(await until('aurora/component/checkout', ended)).toMatchObject({
    state: 'failed',
    reason: 'MkDocs ended with code 3.',
    log: 'line of the log in /docs',
  });
});

it.each([
  ['CHATTY', 'MkDocs printed more than 1 MiB and was ended.'],
  ['LARGE', /more memory, time or disk|more than 2 MiB/],
])('says why a page with %s was not built', async (content, reason) => {
  git.push('aurora/checkout', {
    'catalog-info.yaml': componentFile('checkout'),
    'docs/index.md': content,
  });
  start();
  const failed = await until('aurora/component/checkout', ended);
  expect(failed.state).toBe('failed');
  expect(failed.reason).toMatch(reason);
});

it('ends what hangs with all that it started, and keeps the pages of before', async () => {
  const path = 'aurora/component/checkout';
  const files = { 'catalog-info.yaml': componentFile('checkout') };
  git.push('aurora/checkout', { ...files, 'docs/index.md': 'good' });
  start();
  await until(path, ended);
  await end();
  start(undefined, 700);
  git.push('aurora/checkout', { ...files, 'docs/index.md': 'HANG' });
  const failed = await until(path, build => build?.state === 'failed');
  expect(failed.reason).toBe('MkDocs took longer than 0.7 s and was ended.');
  expect(readFileSync(site(`${path}/index.md`), 'utf8')).toBe('good');
});

it('says what a repository lacks, or does wrong', async () => {
  git.push('aurora/empty', { 'catalog-info.yaml': componentFile('empty') });
  git.push('aurora/outside', {
    'catalog-info.yaml': componentFile('outside'),
    'mkdocs.yml': 'docs_dir: ../..',
    'docs/index.md': 'x',
  });
  start();
  expect((await until('aurora/component/empty', ended)).reason).toBe(
    'There is no page to begin with: add docs/index.md.',
  );
  expect((await until('aurora/component/outside', ended)).reason).toContain(
    'docs_dir in mkdocs.yml must be a folder below the file',
  );
});

it('begins with the README where there is no other first page', async () => {
  git.push('aurora/checkout', {
    'catalog-info.yaml': componentFile('checkout'),
    'README.md': 'read me',
  });
  start();
  await until('aurora/component/checkout', ended);
  expect(readFileSync(site('aurora/component/checkout/index.md'), 'utf8')).toBe(
    'read me',
  );
});

it('follows no link, neither in the pages nor to other entities', async () => {
  git.push('aurora/checkout', {
    'catalog-info.yaml': [
      componentFile('checkout'),
      componentFile('foreign', { namespace: 'borealis' }),
      componentFile('outside', { docs: 'dir:../../other' }),
      componentFile('elsewhere', { docs: 'url:https://example.org/' }),
      '{ kind: Location, spec: { targets: [./more.yaml, ../x.yaml] } }',
    ].join('\n---\n'),
    'more.yaml': componentFile('more', { docs: 'dir:sub' }),
    'sub/docs/index.md': 'of more',
    'docs/index.md': 'x',
    'docs/secret.md': '-> /etc/passwd',
  });
  start();
  const built = await until('aurora/component/checkout', ended);
  await until('aurora/component/more', ended);
  expect(built.notes).toEqual([
    '"docs/secret.md" is no ordinary file and is left out',
  ]);
  expect(existsSync(site('aurora/component/checkout/secret.md'))).toBe(false);
  expect(existsSync(site('borealis'))).toBe(false);
  expect(record('aurora/component/outside')).toBeUndefined();
  expect(record('aurora/component/elsewhere')).toBeUndefined();
});

it('lets no other repository of the tenant take the pages of an entity', async () => {
  git.push('aurora/checkout', {
    'catalog-info.yaml': componentFile('checkout'),
    'docs/index.md': 'honest',
  });
  start();
  const path = 'aurora/component/checkout';
  await until(path, ended);
  git.push('aurora/thief', {
    'catalog-info.yaml': `${componentFile('checkout')}\n---\n${componentFile(
      'thief',
    )}`,
    'docs/index.md': 'stolen',
  });
  await until('aurora/component/thief', ended);
  expect(readFileSync(site(`${path}/index.md`), 'utf8')).toBe('honest');
});

it('touches nothing that somebody else published', async () => {
  mkdirSync(site('aurora/component/checkout'), { recursive: true });
  writeFileSync(site('aurora/component/checkout/index.html'), 'from CI');
  git.push('aurora/checkout', {
    'catalog-info.yaml': `${componentFile('checkout')}\n---\n${componentFile(
      'other',
    )}`,
    'docs/index.md': 'x',
  });
  start();
  await until('aurora/component/other', ended);
  expect(record('aurora/component/checkout')).toBeUndefined();
});

it('says what is missing where nothing can be built', async () => {
  git.push('aurora/checkout', {
    'catalog-info.yaml': componentFile('checkout'),
    'docs/index.md': 'x',
  });
  let found: (python: PythonEnvironment) => void = () => {};
  start(
    new Promise(resolve => {
      found = resolve;
    }),
  );
  const path = 'aurora/component/checkout';
  expect((await until(path, Boolean)).state).toBe('waiting');
  found({ missing: 'MkDocs needs Python.' });
  expect(await until(path, build => build?.state !== 'waiting')).toMatchObject({
    state: 'unavailable',
    reason: 'MkDocs needs Python.',
  });
});
