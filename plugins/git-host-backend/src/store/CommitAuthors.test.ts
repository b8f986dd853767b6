import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { createTestGitHost } from '../__testUtils__/createTestGitHost';

const run = promisify(execFile);
const address = { tenant: 'aurora', repository: 'checkout' };

jest.setTimeout(60_000);

describe('authors of commits', () => {
  let host: Awaited<ReturnType<typeof createTestGitHost>>;
  let directory: string;

  const git = async (...args: string[]) =>
    (await run('git', ['-C', directory, ...args])).stdout.trim();
  const commit = async (name: string, message: string) => {
    await writeFile(join(directory, `${name}.txt`), message);
    await git('add', '.');
    await git(
      '-c',
      'user.name=Committer',
      '-c',
      'user.email=committer@aurora.example',
      'commit',
      `--author=${name} <${name}@aurora.example>`,
      '-m',
      message,
    );
    return git('rev-parse', 'HEAD');
  };
  const emails = async (ref: string, notIn?: string) =>
    (
      await host.gitHost.authors({
        ...address,
        ref,
        ...(notIn !== undefined && { notIn }),
      })
    )
      .map(({ email }) => email)
      .sort();

  beforeAll(async () => {
    host = await createTestGitHost();
    directory = join(host.directory, 'work');
    await host.gitHost.create({
      ...address,
      description: '',
      by: pluginAuditContext('test'),
    });
    await run('git', ['init', '-b', 'main', directory]);
  });
  afterAll(() => host.destroy());

  it('are those of the commits that are new, on all branches that were merged', async () => {
    const first = await commit('kim', 'First');
    await git('checkout', '-b', 'feature');
    await commit('robin', 'On the side, before the release');
    await git('checkout', 'main');
    const released = await commit('vera', 'Released');
    await git(
      '-c',
      'user.name=Merger',
      '-c',
      'user.email=merger@aurora.example',
      'merge',
      '--no-ff',
      'feature',
      '-m',
      'Merge',
    );
    await commit(
      'jonas',
      'Together\n\nco-authored-by: Iris <Iris@Aurora.example>\nCo-authored-by: Oskar <oskar@aurora.example>',
    );
    // A file of the repository does not say who wrote it.
    await writeFile(
      join(directory, '.mailmap'),
      'Nobody <nobody@aurora.example> <jonas@aurora.example>\n',
    );
    const head = await commit('kim', 'Hides jonas');
    await git('push', await host.gitHost.store.folderOf(address), 'main');

    await expect(emails(head, released)).resolves.toEqual([
      'Iris@Aurora.example',
      'jonas@aurora.example',
      'kim@aurora.example',
      'merger@aurora.example',
      'oskar@aurora.example',
      'robin@aurora.example',
    ]);
    await expect(emails('main')).resolves.toHaveLength(7);
    await expect(emails(first)).resolves.toEqual(['kim@aurora.example']);
    // Going back brings nothing new.
    await expect(emails(first, head)).resolves.toEqual([]);
  });

  it('are not told of a commit that is not there', async () => {
    await expect(emails('0'.repeat(40))).rejects.toMatchObject({
      name: 'NotFoundError',
    });
    await expect(emails('main', '0'.repeat(40))).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });
});
