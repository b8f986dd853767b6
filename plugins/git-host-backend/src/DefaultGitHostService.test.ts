import { execFile, execFileSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  type GitHostPush,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';
import { createTestGitHost } from './__testUtils__/createTestGitHost';

const by = pluginAuditContext('test');

const run = promisify(execFile);
const aurora: RepositoryAddress = { tenant: 'aurora', repository: 'checkout' };
const author = { name: 'Kim', email: 'kim@aurora.example' };

jest.setTimeout(60_000);

describe('DefaultGitHostService', () => {
  let host: Awaited<ReturnType<typeof createTestGitHost>>;
  let folders = 0;

  beforeEach(async () => {
    host = await createTestGitHost();
  });
  afterEach(() => host.destroy());

  /** A folder with these files. */
  async function folderWith(files: Record<string, string | Buffer>) {
    folders += 1;
    const folder = join(host.directory, `content-${folders}`);
    await mkdir(folder, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  }

  async function commit(
    files: Record<string, string | Buffer>,
    more: Partial<Parameters<typeof host.gitHost.commit>[0]> = {},
  ) {
    return host.gitHost.commit({
      by,
      ...aurora,
      branch: 'main',
      message: 'First',
      author,
      onBehalfOf: 'user:aurora/kim',
      directory: await folderWith(files),
      expectedHead: undefined,
      ...more,
    });
  }

  it('creates, lists and deletes repositories, each name once per tenant', async () => {
    const created = await host.gitHost.create({
      by,
      ...aurora,
      description: 'Takes\nthe money',
    });
    expect(created).toEqual({
      tenant: 'aurora',
      name: 'checkout',
      description: 'Takes the money',
      defaultBranch: 'main',
      cloneUrl: 'http://localhost:7160/api/git-host/aurora/checkout.git',
      webUrl: 'http://localhost:7160/git/aurora/checkout',
    });
    await expect(
      host.gitHost.create({ by, ...aurora, description: '' }),
    ).rejects.toThrow(
      "The name 'checkout' is taken in 'aurora': choose another name, or delete the repository",
    );
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        host.gitHost.create({
          by,
          tenant: 'aurora',
          repository: 'raced',
          description: '',
        }),
      ),
    );
    expect(outcomes.filter(one => one.status === 'fulfilled')).toHaveLength(1);
    await host.gitHost.create({
      by,
      tenant: 'borealis',
      repository: 'checkout',
      description: '',
    });

    expect(
      (await host.gitHost.list({ tenant: 'aurora' })).map(one => one.name),
    ).toEqual(['checkout', 'raced']);
    await host.gitHost.delete({ ...aurora, by });
    expect(await host.gitHost.get(aurora)).toBeUndefined();
    expect(await host.gitHost.list({ tenant: 'borealis' })).toHaveLength(1);
    expect(await readdir(join(host.gitHost.store.directory, '.tmp'))).toEqual(
      [],
    );
  });

  it('bounds the number of repositories of a tenant', async () => {
    const small = await createTestGitHost({
      limits: { tenantRepositories: 1 },
    });
    await small.gitHost.create({ by, ...aurora, description: '' });
    await expect(
      small.gitHost.create({
        by,
        tenant: 'aurora',
        repository: 'second',
        description: '',
      }),
    ).rejects.toThrow("The tenant 'aurora' has 1 repositories");
    await small.destroy();
  });

  it.each([
    ['../borealis', 'x'],
    ['aurora', '../borealis/x'],
    ['aurora', '..'],
    ['aurora', '-c'],
    ['aurora', '--upload-pack=touch'],
    ['aurora', 'x.git'],
    ['aurora', '.git'],
    ['aurora', 'a\nb'],
    ['aurora', 'a\0b'],
    ['aurora', 'Checkout'],
    ['aurora', 'a%2fb'],
    ['Aurora', 'x'],
    ['api', 'v1'],
    ['.tmp', 'x'],
    ['', ''],
  ])('refuses the address %j / %j', async (tenant, repository) => {
    await expect(
      host.gitHost.create({ by, tenant, repository, description: '' }),
    ).rejects.toThrow('is no address of a repository');
    await expect(host.gitHost.get({ tenant, repository })).resolves.toBe(
      undefined,
    );
    await expect(
      host.gitHost.resolve({ tenant, repository, ref: 'main' }),
    ).rejects.toThrow('No such repository');
  });

  it('commits a folder, reads it back and tells of the push', async () => {
    await host.gitHost.create({ by, ...aurora, description: '' });
    const pushes: GitHostPush[] = [];
    host.gitHost.onPush(async push => {
      pushes.push(push);
    });
    const { commit: first } = await commit(
      { 'README.md': '# Hello\n', 'src/a.ts': 'a', 'src/deep/b.ts': 'bb' },
      { trailers: { 'Portico-Task': 'task-1' } },
    );
    expect((await host.gitHost.get(aurora))?.head).toBe(first);
    expect(await host.gitHost.resolve({ ...aurora, ref: 'main' })).toBe(first);
    expect(await host.gitHost.resolve({ ...aurora, ref: first })).toBe(first);
    expect(
      await host.gitHost.listFolder({ ...aurora, ref: 'main', path: '' }),
    ).toEqual([
      { path: 'src', kind: 'folder' },
      { path: 'README.md', kind: 'file', size: 8 },
    ]);
    expect(
      await host.gitHost.listFolder({ ...aurora, ref: 'main', path: 'src' }),
    ).toEqual([
      { path: 'src/deep', kind: 'folder' },
      { path: 'src/a.ts', kind: 'file', size: 1 },
    ]);
    const readme = await host.gitHost.readFile({
      ...aurora,
      ref: 'main',
      path: 'README.md',
    });
    expect(readme.toString()).toBe('# Hello\n');
    const tree = await host.gitHost.readTree({
      ...aurora,
      ref: 'main',
      path: 'src',
    });
    expect(
      tree.files.map(file => [file.path, file.content.toString()]),
    ).toEqual([
      ['a.ts', 'a'],
      ['deep/b.ts', 'bb'],
    ]);
    expect(
      await host.gitHost.log({ ...aurora, ref: 'main', limit: 5 }),
    ).toEqual([
      {
        id: first,
        subject: 'First',
        authorName: 'Kim',
        authorEmail: 'kim@aurora.example',
        committedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        trailers: { 'Portico-Task': 'task-1' },
      },
    ]);

    // the same content again is no commit
    await expect(
      commit(
        { 'README.md': '# Hello\n', 'src/a.ts': 'a', 'src/deep/b.ts': 'bb' },
        { expectedHead: first },
      ),
    ).resolves.toEqual({ commit: first });
    expect(pushes).toEqual([
      { ...aurora, branch: 'main', pushedBy: 'user:aurora/kim' },
    ]);

    // the repository is sound for git itself
    const folder = await host.gitHost.store.folderOf(aurora);
    await run('git', ['--git-dir', folder, 'fsck', '--strict']);
  });

  it('lays a folder over what is there and keeps the rest', async () => {
    await host.gitHost.create({ by, ...aurora, description: '' });
    const { commit: first } = await commit({
      'prod/a.yaml': 'a1',
      'prod/b.yaml': 'b1',
      'kept.txt': 'kept',
    });
    await commit(
      { 'a.yaml': 'a2', 'new/c.yaml': 'c' },
      { expectedHead: first, overlayPath: 'prod' },
    );
    const { files } = await host.gitHost.readTree({
      ...aurora,
      ref: 'main',
      path: '',
    });
    expect(
      Object.fromEntries(
        files.map(file => [file.path, file.content.toString()]),
      ),
    ).toEqual({
      'kept.txt': 'kept',
      'prod/a.yaml': 'a2',
      'prod/b.yaml': 'b1',
      'prod/new/c.yaml': 'c',
    });
  });

  it('lets one of several writers win and tells the others', async () => {
    await host.gitHost.create({ by, ...aurora, description: '' });
    const { commit: first } = await commit({ 'a.txt': '0' });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) =>
        commit({ 'a.txt': `by ${index}` }, { expectedHead: first }),
      ),
    );
    const lost = outcomes.filter(one => one.status === 'rejected');
    expect(lost).toHaveLength(4);
    for (const one of lost) {
      expect(one.reason).toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining('changed in the meantime'),
      });
    }
    expect(
      await host.gitHost.log({ ...aurora, ref: 'main', limit: 9 }),
    ).toHaveLength(2);
    await expect(commit({ 'a.txt': 'first?' })).rejects.toThrow(
      'changed in the meantime',
    );
  });

  it('refuses content that would bite somebody later', async () => {
    await host.gitHost.create({ by, ...aurora, description: '' });
    await expect(commit({ 'a/.git/config': 'x' })).rejects.toThrow(
      "'a/.git' cannot be committed: remove the .git folder",
    );
    await expect(commit({ '.GIT/config': 'x' })).rejects.toThrow('.GIT');
    await expect(commit({ big: Buffer.alloc(300 * 1024) })).rejects.toThrow(
      'gitHost.limits.treeBytes',
    );
    await expect(
      commit(
        Object.fromEntries(
          Array.from({ length: 51 }, (_, index) => [`f${index}`, 'x']),
        ),
      ),
    ).rejects.toThrow('gitHost.limits.treeFiles');

    for (const target of ['/etc/passwd', '../outside', 'a/../../outside']) {
      const directory = await folderWith({ 'ok.txt': 'ok' });
      await symlink(target, join(directory, 'link'));
      await expect(commit({}, { directory })).rejects.toThrow(
        "'link' is a symbolic link that leaves the folder",
      );
    }
    expect((await host.gitHost.get(aurora))?.head).toBeUndefined();
  });

  it('never follows a symbolic link of a tree', async () => {
    await host.gitHost.create({ by, ...aurora, description: '' });
    const directory = await folderWith({ 'real/secret.txt': 'inside' });
    await symlink('real', join(directory, 'folder-link'));
    await symlink('real/secret.txt', join(directory, 'file-link'));
    await commit({}, { directory });

    expect(
      await host.gitHost.listFolder({ ...aurora, ref: 'main', path: '' }),
    ).toEqual([
      { path: 'real', kind: 'folder' },
      { path: 'file-link', kind: 'symlink' },
      { path: 'folder-link', kind: 'symlink' },
    ]);
    for (const path of ['file-link', 'folder-link/secret.txt', 'folder-link']) {
      await expect(
        host.gitHost.readFile({ ...aurora, ref: 'main', path }),
      ).rejects.toMatchObject({ name: 'NotFoundError' });
    }
    await expect(
      host.gitHost.listFolder({ ...aurora, ref: 'main', path: 'folder-link' }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
    const { files } = await host.gitHost.readTree({
      ...aurora,
      ref: 'main',
      path: '',
    });
    expect(files.map(file => file.path)).toEqual(['real/secret.txt']);
  });

  it('bounds what it gives out, and refuses paths and refs that git would interpret', async () => {
    await host.gitHost.create({ by, ...aurora, description: '' });
    await commit({ 'large.txt': 'x'.repeat(70 * 1024), 'a[1]*.txt': 'glob' });
    await expect(
      host.gitHost.readFile({ ...aurora, ref: 'main', path: 'large.txt' }),
    ).rejects.toMatchObject({ name: 'InputError' });
    const globbed = await host.gitHost.readFile({
      ...aurora,
      ref: 'main',
      path: 'a[1]*.txt',
    });
    expect(globbed.toString()).toBe('glob');
    for (const path of ['../x', 'a/../b', '/etc/passwd', 'a\0b', ':(glob)**']) {
      await expect(
        host.gitHost.readFile({ ...aurora, ref: 'main', path }),
      ).rejects.toThrow();
    }
    for (const ref of [
      '--output=/tmp/x',
      '-c',
      'main^{tree}',
      'main~1',
      'main:large.txt',
      'a..b',
      '@{u}',
      'main\n',
      ':/First',
    ]) {
      await expect(
        host.gitHost.resolve({ ...aurora, ref }),
      ).rejects.toMatchObject({ name: 'InputError' });
    }
    await expect(
      host.gitHost.resolve({ ...aurora, ref: 'absent' }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('stops writing at the quota of the tenant', async () => {
    const small = await createTestGitHost({ limits: { tenantBytes: 10 } });
    await small.gitHost.create({ by, ...aurora, description: '' });
    await expect(
      small.gitHost.commit({
        by,
        ...aurora,
        branch: 'main',
        message: 'First',
        author,
        onBehalfOf: 'user:aurora/kim',
        directory: await folderWith({ 'a.txt': 'a' }),
        expectedHead: undefined,
      }),
    ).rejects.toThrow('have reached the quota of 10 bytes');
    await small.destroy();
  });

  it('keeps its repositories through upkeep', async () => {
    await host.gitHost.create({ by, ...aurora, description: '' });
    const { commit: first } = await commit({ 'a.txt': 'a' });
    const readMain = (ref = 'main') => host.gitHost.resolve({ ...aurora, ref });
    expect(await readMain()).toBe(first);
    expect(await host.gitHost.store.maintain()).toEqual([]);
    const folder = await host.gitHost.store.folderOf(aurora);
    expect(await readdir(join(folder, 'refs', 'heads'))).toEqual([]);
    expect(await readMain()).toBe(first);

    const { commit: second } = await commit(
      { 'a.txt': 'b' },
      { expectedHead: first },
    );
    expect(await readMain()).toBe(second);
    expect(await readMain(first)).toBe(first);
    // git takes a branch before a commit of the same name
    await commit({ 'a.txt': 'c' }, { branch: first });
    expect(await readMain(first)).not.toBe(first);
    await expect(readMain('refs')).rejects.toThrow('No branch or commit');

    await host.gitHost.delete({ ...aurora, by });
    await expect(readMain(first)).rejects.toThrow('No such repository');
    await host.gitHost.create({ by, ...aurora, description: '' });
    await expect(readMain(first)).rejects.toThrow('No branch or commit');
  });

  it('starts no process that outlives its time or says more than allowed', async () => {
    await host.gitHost.create({ by, ...aurora, description: '' });
    await commit({ 'a.txt': 'a'.repeat(5_000) });
    const gitDirectory = await host.gitHost.store.folderOf(aurora);
    await expect(
      host.gitHost.processes.run(['cat-file', 'blob', 'main:a.txt'], {
        gitDirectory,
        maxOutputBytes: 100,
      }),
    ).rejects.toThrow('larger than the limit of 100 bytes');
    // A pipe that nobody writes into keeps whoever opens it waiting.
    const pipe = join(gitDirectory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(
      host.gitHost.processes.run(['hash-object', '--no-filters', pipe], {
        gitDirectory,
        timeoutMs: 50,
      }),
    ).rejects.toThrow('took longer than 50 ms');
    expect(host.gitHost.processes.count).toBe(0);
  });
});
