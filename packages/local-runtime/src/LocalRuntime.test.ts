import { serviceFiles } from './__testUtils__/serviceFiles';
import { TestGit } from './__testUtils__/TestGit';
import { TestRuntime, until } from './__testUtils__/TestRuntime';

jest.setTimeout(60_000);

describe('the way of a commit', () => {
  const git = new TestGit();
  const test = new TestRuntime({ gitDirectory: git.directory });
  afterAll(async () => {
    await test.remove();
    git.remove();
  });

  it('leads from a push to a release and a running revision', async () => {
    const client = await test.start();
    const commit = git.push('aurora', 'checkout', serviceFiles());
    await client.hint('aurora', 'checkout');
    const { items, cursor } = await client.releases(0, 20);
    expect(items).toMatchObject([
      {
        sequence: 1,
        tenant: 'aurora',
        component: 'checkout',
        repository: 'checkout',
        branch: 'main',
        commit: { id: commit, subject: 'A change', authorName: 'Kim' },
        version: `1.0.0+${commit.slice(0, 7)}`,
        replicas: { dev: 1, staging: 1, prod: 2 },
      },
    ]);
    expect(cursor).toBe(1);
    git.declare('aurora', 'checkout', 'dev', items[0].digest);
    const status = await until(async () => {
      const now = await client.environment('aurora', 'checkout');
      return now?.state === 'running' && now;
    });
    const answer = await fetch(`${status.address}/`);
    expect(await answer.json()).toMatchObject({ version: '1.0.0' });
  });
});
