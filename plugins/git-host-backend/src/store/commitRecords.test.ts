import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { createTestGitHost } from '../__testUtils__/createTestGitHost';

const by = pluginAuditContext('test');
const address = { tenant: 'aurora', repository: 'deployments' };

describe('log', () => {
  let host: Awaited<ReturnType<typeof createTestGitHost>>;
  let head: string | undefined;

  beforeAll(async () => {
    host = await createTestGitHost();
    await host.gitHost.create({ ...address, description: '', by });
  });
  afterAll(() => host?.destroy());

  async function commit(
    path: string,
    message: string,
    trailers?: Record<string, string>,
  ): Promise<string> {
    const directory = await mkdtemp(join(host.directory, 'work-'));
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), message);
    const done = await host.gitHost.commit({
      ...address,
      branch: 'main',
      message,
      author: { name: 'Kim', email: 'kim@aurora.example' },
      onBehalfOf: 'user:aurora/kim',
      by,
      directory,
      overlayPath: '',
      expectedHead: head,
      trailers,
    });
    head = done.commit;
    return done.commit;
  }

  const idsOf = async (
    options: Omit<
      Parameters<typeof host.gitHost.log>[0],
      'tenant' | 'repository'
    >,
  ) => (await host.gitHost.log({ ...address, ...options })).map(({ id }) => id);

  it('tells of commits by path, by trailer, and of those that another lacks', async () => {
    const first = await commit('a/x[1].yaml', 'one', {
      'Portico-Effect': 'k1',
    });
    const quoting = await commit(
      'b/y.yaml',
      'Two\n\nPortico-Effect: k1 is only spoken of',
    );
    const third = await commit('a/x[1].yaml', 'three', {
      'Portico-Effect': 'k12',
    });
    const all = { ref: 'main', limit: 10 };

    expect(await idsOf({ ...all, path: 'a' })).toEqual([third, first]);
    expect(await idsOf({ ...all, path: 'a/x[1].yaml' })).toEqual([
      third,
      first,
    ]);
    expect(await idsOf({ ...all, path: 'none' })).toEqual([]);
    expect(await idsOf({ ...all, notIn: first })).toEqual([third, quoting]);
    expect(await idsOf({ ref: first, limit: 1, notIn: 'main' })).toEqual([]);

    const with1 = { name: 'Portico-Effect', value: 'k1' };
    expect(await idsOf({ ref: 'main', limit: 1, trailer: with1 })).toEqual([
      first,
    ]);
    await expect(
      idsOf({ ...all, trailer: { ...with1, value: 'k1\nPortico' } }),
    ).rejects.toThrow('a value of one line');
    await expect(idsOf({ ...all, path: '../x' })).rejects.toThrow('no path');
    await expect(idsOf({ ...all, notIn: 'gone' })).rejects.toThrow(
      "No branch or commit 'gone'",
    );
  });
});
