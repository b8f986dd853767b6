import { readFile } from 'fs/promises';
import { resolve } from 'path';
import {
  frozenStageSchema,
  gateResultSchema,
  isActing,
  isEnd,
  pipelineSpecSchema,
  releaseContentSchema,
  subjectSchema,
  transitionSchema,
} from '@portico/plugin-promotions-common';
import fc from 'fast-check';
import { parse } from 'yaml';
import { planSampleHistory } from './planSampleHistory';
import { type SampleComponent, type SampleHistory } from './SampleHistory';
import { frozenFor, sampleStages } from './sampleStages';

const DAY = 24 * 3_600_000;

function component(name: string): SampleComponent {
  return {
    ref: `component:aurora/${name}`,
    developers: ['user:aurora/kim', 'user:aurora/mina', 'user:aurora/leila'],
    approvers: ['user:aurora/robin', 'user:aurora/leila'],
  };
}

const anyHistory = fc
  .tuple(
    fc.stringMatching(/^[a-z]{3,12}$/),
    fc.date({
      min: new Date('2025-01-01'),
      max: new Date('2028-01-01'),
      noInvalidDate: true,
    }),
  )
  .map(([name, until]) => ({
    until,
    history: planSampleHistory(component(name), until),
  }));

/** When each promotion of an environment acted, in the order of their ends. */
function actsIn({ promotions }: SampleHistory, environment: string) {
  return promotions
    .filter(promotion => promotion.environment === environment)
    .flatMap(({ transitions, endedAt }) => {
      const begun = transitions.find(({ to }) => isActing(to));
      return begun
        ? [{ from: Date.parse(begun.at), to: endedAt.getTime() }]
        : [];
    });
}

jest.setTimeout(60_000);

describe('planSampleHistory', () => {
  it('tells only what could have happened, and all of it before its end', () => {
    fc.assert(
      fc.property(anyHistory, ({ until, history }) => {
        const { releases, promotions, deployments, drift } = history;
        for (const { content, announcedAt } of releases) {
          expect(releaseContentSchema.parse(content)).toEqual(content);
          expect(Date.parse(announcedAt)).toBeGreaterThan(
            until.getTime() - 60 * DAY,
          );
        }
        for (const one of promotions) {
          const { transitions, gateResults, subject, stage, endedAt } = one;
          expect(isEnd(one.phase)).toBe(true);
          expect(endedAt.getTime()).toBeLessThan(until.getTime() - 3_600_000);
          expect(transitions.at(-1)).toMatchObject({ to: one.phase });
          transitions.forEach((transition, index) => {
            expect(transitionSchema.parse(transition).sequence).toBe(index + 1);
          });
          gateResults.forEach(result => gateResultSchema.parse(result));
          frozenStageSchema.parse(stage);
          subjectSchema.parse(subject.content);
          expect(
            Number.parseInt(one.id.replaceAll('-', '').slice(0, 12), 16),
          ).toBe(one.requestedAt.getTime());
        }
        for (const { finishedAt, sample } of deployments) {
          expect(sample).toBe(true);
          expect(Date.parse(finishedAt)).toBeLessThan(until.getTime());
        }
        for (const { resolvedAt = '' } of drift) {
          expect(Date.parse(resolvedAt)).toBeLessThan(until.getTime());
        }
      }),
      { numRuns: 15 },
    );
  });

  it('lets nobody into production without an approval of somebody else', () => {
    fc.assert(
      fc.property(anyHistory, ({ history }) => {
        const votes = history.promotions
          .filter(({ environment }) => environment === 'prod')
          .filter(({ transitions }) =>
            transitions.some(({ event }) => event === 'begin'),
          )
          .map(one => one.votes.map(vote => [vote.voter, vote.decision]));
        expect(votes).toEqual(
          votes.map(() => [['user:aurora/robin', 'approve']]),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('has one promotion act on an environment at a time, and ends well', () => {
    fc.assert(
      fc.property(anyHistory, ({ history }) => {
        for (const environment of Object.keys(sampleStages)) {
          const acts = actsIn(history, environment);
          acts.slice(1).forEach(({ from }, index) => {
            expect(from).toBeGreaterThan(acts[index].to);
          });
        }
        const last = history.deployments.findLast(
          ({ environment }) => environment === 'prod',
        );
        expect(last?.result ?? 'succeeded').toBe('succeeded');
      }),
      { numRuns: 15 },
    );
  });

  it('is the same for the same component and instant, and another for others', () => {
    const until = new Date('2026-11-22T10:00:00Z');
    const once = planSampleHistory(component('checkout'), until);
    expect(planSampleHistory(component('checkout'), until)).toEqual(once);
    const other = planSampleHistory(component('basket'), until);
    expect(other.releases.map(({ announcedAt }) => announcedAt)).not.toEqual(
      once.releases.map(({ announcedAt }) => announcedAt),
    );
  });

  it('has what charts live from: failures, rollbacks, noes and drift', () => {
    const until = new Date('2026-11-22T10:00:00Z');
    const all = [...'abcdefghijkl'].map(name =>
      planSampleHistory(component(`service-${name}`), until),
    );
    const phases = new Set(
      all.flatMap(({ promotions }) => promotions.map(({ phase }) => phase)),
    );
    expect([...phases].sort()).toEqual([
      'cancelled',
      'failed',
      'rejected',
      'succeeded',
    ]);
    const deployments = all.flatMap(history => history.deployments);
    expect(new Set(deployments.map(({ kind }) => kind))).toEqual(
      new Set(['promote', 'rollback']),
    );
    expect(all.flatMap(({ drift }) => drift)).not.toEqual([]);
  });

  it('keeps the stages of the pipeline of the platform', async () => {
    const path = resolve(__dirname, '../../../../delivery/pipeline.yaml');
    const { spec } = parse(await readFile(path, 'utf8'));
    const { stages } = pipelineSpecSchema.parse(spec);
    expect(
      Object.entries(sampleStages).map(([environment, stage]) => ({
        environment,
        automatic: stage.automatic,
        gates: stage.gates.map(({ name, kind }) => ({ name, kind })),
      })),
    ).toEqual(
      stages.map(({ environment, automatic, gates }) => ({
        environment,
        automatic,
        gates: gates.map(({ name, kind }) => ({ name, kind })),
      })),
    );
    expect(
      frozenFor('prod', 'rollback').gates.map(({ kind }) => kind),
    ).not.toContain('soak');
  });
});
