import { type LineStop } from '@portico/plugin-promotions-common';
import { type CommitCheck } from '@portico/plugin-promotions-node';
import {
  askGate,
  deployment,
  digest,
  observation,
} from '@portico/plugin-promotions-node/testUtils';
import { checksGate } from './checksGate';
import { freezeGate } from './freezeGate';
import { healthGate } from './healthGate';

const stop: LineStop = {
  id: '0190f1f0-0000-7000-8000-000000000002',
  scope: 'tenant',
  reason: 'Incident 12',
  by: 'user:aurora/vera',
  since: '2026-11-21T11:00:00.000Z',
};

describe('freezeGate', () => {
  const night = {
    windows: [
      {
        name: 'weekend',
        effect: 'deny',
        start: '2026-11-20T18:00:00',
        timeZone: 'Europe/Berlin',
        duration: 'PT60H',
        recurrence: 'FREQ=WEEKLY;BYDAY=FR',
        reason: 'nobody is there',
      },
    ],
  };

  it('waits for the end of a freeze, and passes until the next one', async () => {
    const facts = { stops: async () => [] };
    await expect(askGate(freezeGate, night, facts)).resolves.toMatchObject({
      outcome: 'waiting',
      reason: 'Closed by the window "weekend": nobody is there.',
      askAgainAt: new Date('2026-11-23T05:00:00Z'),
    });
    await expect(
      askGate(freezeGate, night, facts, {
        now: new Date('2026-11-24T12:00:00Z'),
      }),
    ).resolves.toMatchObject({
      outcome: 'passed',
      validUntil: new Date('2026-11-27T17:00:00Z'),
    });
  });

  it('waits while the line is stopped, and not for a stop of another environment', async () => {
    const ask = (stops: LineStop[]) =>
      askGate(freezeGate, {}, { stops: async () => stops });
    await expect(ask([stop])).resolves.toMatchObject({
      outcome: 'waiting',
      reason: 'user:aurora/vera stopped the line: Incident 12',
      evidence: { stops: [{ id: stop.id, scope: 'tenant' }] },
    });
    await expect(
      ask([{ ...stop, environment: 'prod' }]),
    ).resolves.toMatchObject({
      outcome: 'waiting',
    });
    await expect(ask([{ ...stop, environment: 'dev' }])).resolves.toMatchObject(
      {
        outcome: 'passed',
      },
    );
  });
});

describe('healthGate', () => {
  it('passes where it is well, and looks where it is told to', async () => {
    const asked: string[] = [];
    const facts = {
      observe: async (environment: string) => {
        asked.push(environment);
        return observation('b');
      },
    };
    await expect(askGate(healthGate, {}, facts)).resolves.toMatchObject({
      outcome: 'passed',
      reason: 'prod is healthy, says local runtime.',
    });
    await askGate(healthGate, { environment: 'staging' }, facts);
    expect(asked).toEqual(['prod', 'staging']);
  });

  it.each(['progressing', 'degraded', 'suspended', 'missing'] as const)(
    'waits while it is %s',
    async health => {
      await expect(
        askGate(
          healthGate,
          {},
          {
            observe: async () =>
              observation('b', { health, reason: 'No answer.' }),
            deployments: async () => [deployment('b', '2026-11-01T00:00:00Z')],
          },
        ),
      ).resolves.toMatchObject({
        outcome: 'waiting',
        reason: `prod is ${health}, says local runtime: No answer.`,
      });
    },
  );

  it('lets the first deployment in', async () => {
    await expect(
      askGate(
        healthGate,
        {},
        {
          observe: async () =>
            observation('b', { health: 'missing', running: [] }),
          deployments: async () => [],
        },
      ),
    ).resolves.toMatchObject({ outcome: 'passed' });
  });

  it('asks for the release itself where the pipeline does', async () => {
    const ask = (letter: string) =>
      askGate(
        healthGate,
        { environment: 'staging', runsRelease: true },
        { observe: async () => observation(letter) },
      );
    await expect(ask('a')).resolves.toMatchObject({ outcome: 'passed' });
    await expect(ask('b')).resolves.toMatchObject({
      outcome: 'waiting',
      reason:
        'Something else than 1.0.a runs in staging: promote it there first.',
      evidence: { running: [{ digest: digest('b') }] },
    });
  });

  it.each([
    [
      'nobody answers',
      observation('b', { health: 'unknown', reason: 'refused' }),
    ],
    ['nothing can be observed', undefined],
  ])('cannot tell when %s', async (_, observed) => {
    await expect(
      askGate(healthGate, {}, { observe: async () => observed }),
    ).rejects.toThrow('prod');
  });
});

describe('checksGate', () => {
  const check = (name: string, state: CommitCheck['state']): CommitCheck => ({
    name,
    state,
    at: '2026-11-21T10:00:00.000Z',
  });
  const ask = (requiredChecks: string[], checks: CommitCheck[]) =>
    askGate(checksGate, { requiredChecks }, { checks: async () => checks });

  it.each<[string, string[], CommitCheck[], string, string]>([
    [
      'passes when all that is known passed',
      [],
      [check('test', 'passed'), check('build', 'passed')],
      'passed',
      'Passed on commit aaaaaaa: test, build.',
    ],
    [
      'passes when what is required passed, whatever else failed',
      ['test'],
      [check('test', 'passed'), check('lint', 'failed')],
      'passed',
      'Passed on commit aaaaaaa: test.',
    ],
    [
      'waits for what failed to be repeated',
      [],
      [check('test', 'failed'), check('build', 'passed')],
      'waiting',
      'Failed on commit aaaaaaa: test. Repeat it there, or promote another release.',
    ],
    [
      'waits for what runs',
      [],
      [check('test', 'running'), check('build', 'passed')],
      'waiting',
      'Still running on commit aaaaaaa: test.',
    ],
    [
      'waits for what is required and unknown',
      ['test', 'scan'],
      [check('test', 'passed')],
      'waiting',
      'Nobody said anything yet of commit aaaaaaa by the name of scan.',
    ],
    [
      'waits while nothing is known',
      [],
      [],
      'waiting',
      'Nobody said anything yet of commit aaaaaaa.',
    ],
  ])('%s', async (_, required, checks, outcome, reason) => {
    await expect(ask(required, checks)).resolves.toMatchObject({
      outcome,
      reason,
    });
  });

  it('counts a name that two sources use only when both say yes', async () => {
    await expect(
      ask(['test'], [check('test', 'passed'), check('test', 'failed')]),
    ).resolves.toMatchObject({ outcome: 'waiting' });
  });
});
