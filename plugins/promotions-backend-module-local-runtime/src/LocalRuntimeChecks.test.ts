import { ServiceUnavailableError } from '@backstage/errors';
import { type Run } from '@portico/plugin-local-runtime-common';
import { release } from '@portico/plugin-promotions-node/testUtils';
import { LocalRuntimeChecks } from './LocalRuntimeChecks';

const at = '2026-11-21T10:00:00.000Z';
const run = (more: Partial<Run>, letter = 'a'): Run => ({
  id: `${'0'.repeat(24)}-1`,
  tenant: 'aurora',
  repository: 'checkout',
  branch: 'main',
  commit: {
    id: letter.repeat(40),
    subject: 'Change',
    authorName: 'Kim',
    committedAt: at,
  },
  attempt: 1,
  interruptions: 0,
  state: 'succeeded',
  steps: [],
  queuedAt: at,
  ...more,
});

describe('LocalRuntimeChecks', () => {
  const checks = async (items: Run[], which = release('a')) => {
    const asked: unknown[] = [];
    const source = new LocalRuntimeChecks({
      client: {
        async runs(of) {
          asked.push(of);
          return { items };
        },
      },
    });
    const found = await source.checks({
      tenant: 'aurora',
      release: which,
      signal: new AbortController().signal,
    });
    return { asked, found: found.map(({ name, state }) => `${name} ${state}`) };
  };

  it('tells of the last attempt for the commit, and of its steps', async () => {
    await expect(
      checks([
        run({ state: 'failed' }, 'b'),
        run({ state: 'failed', attempt: 1 }),
        run({
          state: 'running',
          attempt: 2,
          steps: [
            { name: 'checkout', state: 'succeeded' },
            { name: 'test', state: 'running' },
            { name: 'build', state: 'pending' },
            { name: 'package', state: 'skipped' },
          ],
        }),
      ]),
    ).resolves.toEqual({
      asked: [{ tenant: 'aurora', repository: 'checkout' }],
      found: [
        'local-runtime running',
        'local-runtime/checkout passed',
        'local-runtime/test running',
        'local-runtime/build running',
      ],
    });
  });

  it.each<[Run['state'], string[]]>([
    ['queued', ['local-runtime running']],
    ['succeeded', ['local-runtime passed']],
    ['failed', ['local-runtime failed']],
    ['timedOut', ['local-runtime failed']],
    ['superseded', []],
  ])('a run that is %s', async (state, found) => {
    await expect(checks([run({ state })])).resolves.toMatchObject({ found });
  });

  it('knows nothing of other commits, and of releases without one', async () => {
    await expect(checks([run({}, 'b')])).resolves.toMatchObject({ found: [] });
    const { content, ...rest } = release('a');
    await expect(
      checks([run({})], {
        ...rest,
        content: { ...content, source: undefined },
      }),
    ).resolves.toEqual({ asked: [], found: [] });
  });

  it('throws when the runtime does not answer', async () => {
    const source = new LocalRuntimeChecks({
      client: {
        runs: async () => {
          throw new ServiceUnavailableError('Down');
        },
      },
    });
    await expect(
      source.checks({
        tenant: 'aurora',
        release: release('a'),
        signal: new AbortController().signal,
      }),
    ).rejects.toThrow('Down');
  });
});
