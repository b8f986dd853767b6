import { mkdir, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestGitHost } from '../__testUtils__/createTestGitHost';
import { TestGitHost } from '../testUtils';

jest.setTimeout(60_000);

it('removes at its start what a killed process left, and nothing that another is in the middle of', async () => {
  const first = await createTestGitHost();
  try {
    const temporary = join(first.gitHost.store.directory, '.tmp');
    await mkdir(join(temporary, 'of-another'));
    await mkdir(join(temporary, 'left', 'behind'), { recursive: true });
    const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
    await utimes(join(temporary, 'left'), longAgo, longAgo);

    const second = await TestGitHost.create({
      database: first.database,
      directory: first.directory,
    });
    await second.stop();
    expect(await readdir(temporary)).toEqual(['of-another']);
  } finally {
    await first.destroy();
  }
});
