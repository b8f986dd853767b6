import { defineGate } from '@portico/plugin-promotions-node';
import { z } from 'zod';

const optionsSchema = z.strictObject({
  /** Names of the checks that have to have passed; without any, all that are known. */
  requiredChecks: z
    .array(
      z
        .string()
        .max(100)
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9 ._/:()-]*$/,
          'must be the name of a check, as in local-runtime/test',
        ),
    )
    .max(20)
    .default([]),
});

/** What the tests, or whoever else looked at it, said of the release's commit. */
export const checksGate = defineGate<z.infer<typeof optionsSchema>>({
  kind: 'checks',
  options: optionsSchema,
  async evaluate({ options, promotion, facts }) {
    const known = await facts.checks();
    const { requiredChecks } = options;
    const commit = promotion.release.content.source?.commit ?? '';
    const wanted =
      requiredChecks.length > 0
        ? known.filter(({ name }) => requiredChecks.includes(name))
        : known;
    const evidence = {
      commit,
      required: requiredChecks,
      checks: wanted.slice(0, 30).map(({ name, state, at, url }) => ({
        name,
        state,
        at,
        ...(url && { url }),
      })),
    };
    const missing = requiredChecks.filter(
      name => !known.some(check => check.name === name),
    );
    const failed = wanted.filter(({ state }) => state === 'failed');
    const running = wanted.filter(({ state }) => state === 'running');
    const names = (checks: typeof known) =>
      checks.map(({ name }) => name).join(', ');
    // A check can be repeated for the same commit, so that a failure is not for good.
    if (failed.length > 0) {
      return {
        outcome: 'waiting',
        reason: `Failed on commit ${commit.slice(0, 7)}: ${names(
          failed,
        )}. Repeat it there, or promote another release.`,
        evidence,
      };
    }
    if (running.length > 0) {
      return {
        outcome: 'waiting',
        reason: `Still running on commit ${commit.slice(0, 7)}: ${names(
          running,
        )}.`,
        evidence,
      };
    }
    if (missing.length > 0 || wanted.length === 0) {
      return {
        outcome: 'waiting',
        reason: `Nobody said anything yet of commit ${commit.slice(0, 7)}${
          missing.length > 0 ? ` by the name of ${missing.join(', ')}` : ''
        }.`,
        evidence,
      };
    }
    return {
      outcome: 'passed',
      reason: `Passed on commit ${commit.slice(0, 7)}: ${names(wanted)}.`,
      evidence,
    };
  },
});
