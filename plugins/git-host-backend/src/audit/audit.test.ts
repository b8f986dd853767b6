import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditDraft, personal } from '@portico/plugin-audit-common';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import {
  startTestPortal,
  type TestPortal,
  tokenOf,
} from '../__testUtils__/startTestPortal';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

const by = pluginAuditContext('scaffolder', {
  onBehalfOf: 'user:aurora/kim',
  correlation: 'task-1',
});
const address = { tenant: 'aurora', repository: 'shop' };
const ZERO = '0'.repeat(40);

describe('the audit of the Git host', () => {
  let portal: TestPortal;
  let work: string;
  const token = tokenOf('user:aurora/kim');

  beforeAll(async () => {
    portal = await startTestPortal();
    work = join(portal.directory, 'work');
  });
  afterAll(() => portal.stop());

  const acts = (act: string) => recordedActs(portal.database, act);
  const git = (...args: string[]) => portal.git(args, { cwd: work, token });

  /** Beginning and end of the last act. */
  async function last(act: string): Promise<[AuditDraft, AuditDraft]> {
    const [started, ended] = (await acts(act)).slice(-2);
    expect(started.correlation).toBeDefined();
    expect(ended.correlation).toBe(started.correlation);
    return [started, ended];
  }

  it('tells who made a repository, for whom, and in which task', async () => {
    await portal.gitHost.create({ ...address, by, description: '' });
    const [started, ended] = await last('git-host.repository.create');
    expect(started).toEqual({
      chain: 'aurora',
      act: 'git-host.repository.create',
      severity: 'medium',
      outcome: 'started',
      correlation: expect.any(String),
      actor: { kind: 'plugin', ref: 'plugin:scaffolder' },
      onBehalfOf: personal('user:aurora/kim', 'user:aurora/kim'),
      subject: { kind: 'repository', ref: 'aurora/shop' },
      details: { partOf: 'task-1' },
    });
    expect(ended).toEqual({ ...started, outcome: 'succeeded' });
    await expect(
      portal.gitHost.create({ ...address, by, description: '' }),
    ).rejects.toThrow('is taken');
    expect((await last('git-host.repository.create'))[1]).toMatchObject({
      outcome: 'failed',
      reason: personal(
        'user:aurora/kim',
        expect.stringContaining('is taken') as unknown as string,
      ),
    });
  });

  it('tells which refs a push moved, and that git refused one', async () => {
    await portal.git(['clone', portal.remote('aurora', 'shop'), work], {
      token,
    });
    await writeFile(join(work, 'a.txt'), 'one');
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'One');
    await git('tag', 'v1');
    await git('push', 'origin', 'HEAD:main', 'v1');
    const head = (await git('rev-parse', 'HEAD')).stdout.trim();
    const [started, ended] = await last('git-host.repository.push');
    expect(started).toMatchObject({
      chain: 'aurora',
      outcome: 'started',
      actor: {
        kind: 'person',
        ref: personal('user:aurora/kim', 'user:aurora/kim'),
      },
      sourceAddress: { $personal: { of: 'user:aurora/kim' } },
      subject: { kind: 'repository', ref: 'aurora/shop' },
      payloadDigest: expect.stringMatching(/^sha256:/),
      details: {
        count: 2,
        refs: [
          { ref: 'refs/heads/main', before: ZERO, after: head },
          { ref: 'refs/tags/v1', before: ZERO, after: head },
        ],
      },
    });
    expect(ended.outcome).toBe('succeeded');

    await git('commit', '--quiet', '--amend', '-m', 'Another');
    await expect(git('push', '--force', 'origin', 'HEAD:main')).rejects.toThrow(
      'non-fast-forward',
    );
    expect((await last('git-host.repository.push'))[1]).toMatchObject({
      outcome: 'refused',
      reason: personal('user:aurora/kim', 'Git took none of the changes'),
    });
  });

  it('tells of a push that was not allowed, and of no reading', async () => {
    const before = await recordedActs(portal.database);
    const viewer = tokenOf('user:aurora/vic');
    await expect(
      portal.git(['push', 'origin', 'HEAD:main'], { cwd: work, token: viewer }),
    ).rejects.toThrow();
    await portal.git(['fetch', 'origin'], { cwd: work, token: viewer });
    const after = await recordedActs(portal.database);
    expect(after.slice(before.length)).toEqual([
      expect.objectContaining({
        chain: 'aurora',
        act: 'git-host.repository.push',
        outcome: 'refused',
        actor: {
          kind: 'person',
          ref: personal('user:aurora/vic', 'user:aurora/vic'),
        },
      }),
    ]);
  });

  it('lets no ref move and no repository appear that it could not record', async () => {
    const { gitHost } = portal;
    const head = () => gitHost.resolve({ ...address, ref: 'main' });
    const before = await head();
    await git('reset', '--quiet', '--hard', 'origin/main');
    await git('commit', '--quiet', '--allow-empty', '-m', 'Unrecorded');
    // As when the database is down: what begins an act fails.
    const failing = jest
      .spyOn(gitHost.audit, 'begin')
      .mockRejectedValue(new Error('The outbox is gone'));
    await expect(git('push', 'origin', 'HEAD:main')).rejects.toThrow();
    await expect(
      gitHost.commit({
        ...address,
        by,
        branch: 'main',
        message: 'Unrecorded',
        author: { name: 'Kim', email: 'kim@aurora.invalid' },
        onBehalfOf: 'user:aurora/kim',
        directory: work,
        overlayPath: 'copy',
        expectedHead: before,
      }),
    ).rejects.toThrow();
    await expect(
      gitHost.create({ ...address, by, repository: 'other', description: '' }),
    ).rejects.toThrow('The outbox is gone');
    failing.mockRestore();
    await expect(gitHost.list({ tenant: 'aurora' })).resolves.toHaveLength(1);
    await expect(head()).resolves.toBe(before);
  });
});
