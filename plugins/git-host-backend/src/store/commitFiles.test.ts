import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import fc from 'fast-check';
import { createTestGitHost } from '../__testUtils__/createTestGitHost';

jest.setTimeout(120_000);

const address = { tenant: 'aurora', repository: 'deployments' };

describe('files that are committed without a clone', () => {
  let host: Awaited<ReturnType<typeof createTestGitHost>>;
  let gitDirectory: string;
  let work: string;

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', work, ...args], { encoding: 'utf8' }).trim();
  const bare = (...args: string[]) =>
    execFileSync('git', ['--git-dir', gitDirectory, ...args], {
      encoding: 'utf8',
    }).trim();
  const head = () => bare('rev-parse', 'refs/heads/main');
  const commit = (
    files: Record<string, string>,
    more: { expectedHead?: string; trailers?: Record<string, string> } = {},
  ) =>
    host.gitHost.commitFiles({
      ...address,
      branch: 'main',
      message: 'Change\n\nWhy: it is needed.',
      author: { name: 'Kim <X>', email: 'kim@aurora.invalid' },
      onBehalfOf: 'user:aurora/kim',
      by: pluginAuditContext('test'),
      files: Object.entries(files).map(([path, content]) => ({
        path,
        content,
      })),
      expectedHead: more.expectedHead ?? head(),
      ...(more.trailers && { trailers: more.trailers }),
    });

  beforeAll(async () => {
    host = await createTestGitHost();
    await host.gitHost.create({
      ...address,
      description: '',
      by: pluginAuditContext('test'),
    });
    gitDirectory = await host.gitHost.store.folderOf(address);
    work = mkdtempSync(join(tmpdir(), 'portico-commit-files-'));
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'Robin');
    git('config', 'user.email', 'robin@aurora.invalid');
    mkdirSync(join(work, 'scripts'));
    writeFileSync(join(work, 'scripts/run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(work, 'README.md'), 'Deployments\n');
    execFileSync('ln', ['-s', 'README.md', join(work, 'link')]);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Begin');
    git('push', '--quiet', gitDirectory, 'main');
  });
  afterAll(async () => {
    rmSync(work, { recursive: true, force: true });
    await host.destroy();
  });

  it('make the very tree that git makes, whatever the names', async () => {
    const name = fc.constantFrom(
      ...['a', 'a-b', 'a.b', 'ab', 'ä', 'z z', 'overlays', 'A'],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.array(name, { minLength: 1, maxLength: 3 }),
            fc.string({ unit: 'binary', maxLength: 30 }),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async made => {
          // Files end in .txt, so that none is where a folder has to be.
          const files = Object.fromEntries(
            made.map(([parts, content]) => [`${parts.join('/')}.txt`, content]),
          );
          const { commit: id } = await commit(files);
          for (const [path, content] of Object.entries(files)) {
            mkdirSync(dirname(join(work, path)), { recursive: true });
            writeFileSync(join(work, path), content);
          }
          git('add', '--all');
          expect(bare('rev-parse', `${id}^{tree}`)).toBe(git('write-tree'));
          expect(head()).toBe(id);
        },
      ),
      { numRuns: 25 },
    );
    bare('fsck', '--strict');
    expect(host.gitHost.processes.count).toBe(0);
  });

  it('keep what can be executed, and go neither over a link nor over a folder', async () => {
    const parent = head();
    await commit(
      { 'scripts/run.sh': '#!/bin/sh\ntrue\n' },
      { trailers: { 'Portico-Promotion': '17' } },
    );
    expect(
      bare('log', '-1', '--format=%P %an %ae %s|%(trailers:unfold)', 'main'),
    ).toBe(`${parent} Kim  X kim@aurora.invalid Change|Portico-Promotion: 17`);
    expect(bare('ls-tree', 'main', 'scripts/run.sh')).toMatch(/^100755 /);
    const before = head();
    for (const path of ['link', 'link/below', 'scripts', 'README.md/below']) {
      await expect(commit({ [path]: 'x' })).rejects.toThrow(
        'is something else at the head of the branch',
      );
    }
    await expect(commit({ '../out': 'x' })).rejects.toThrow('is no path');
    await expect(commit({ '': 'x' })).rejects.toThrow('A file needs a path');
    expect(head()).toBe(before);
  });

  it('move the branch from the expected commit only, and not at all without a change', async () => {
    const old = head();
    const { commit: first } = await commit({ 'README.md': 'First\n' });
    await expect(
      commit({ 'README.md': 'Second\n' }, { expectedHead: old }),
    ).rejects.toThrow('changed in the meantime');
    await expect(
      commit({ 'README.md': 'Deployments\n' }, { expectedHead: old }),
    ).rejects.toThrow('changed in the meantime');
    await expect(
      commit({ 'README.md': 'x' }, { expectedHead: 'f'.repeat(40) }),
    ).rejects.toThrow('changed in the meantime');
    expect((await commit({ 'README.md': 'First\n' })).commit).toBe(first);
    const results = await Promise.allSettled(
      ['one', 'two', 'three'].map(text =>
        commit({ 'README.md': text }, { expectedHead: first }),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(bare('rev-list', '--count', `${first}..main`)).toBe('1');
  });
});
