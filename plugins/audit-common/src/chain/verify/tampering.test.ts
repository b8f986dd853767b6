import { verify } from './__testUtils__/sampleBundle';
import { tamperedEntries } from './__testUtils__/tamperedEntries';
import { tamperedProofs } from './__testUtils__/tamperedProofs';
import { problemKinds } from './VerificationProblem';

const tamperings = [...tamperedEntries, ...tamperedProofs];

describe('tampering', () => {
  const found = new Set(tamperings.map(({ kind }) => kind));

  it(`finds and names ${tamperings.length} cases of ${found.size} kinds`, async () => {
    const wrong: unknown[] = [];
    for (const { kind, what, sequence, bundle, options, torn } of tamperings) {
      const { problem } = await verify(
        typeof bundle === 'function' ? await bundle() : bundle,
        options,
        torn ? '' : '\n',
      );
      if (
        problem?.kind !== kind ||
        (sequence !== undefined && problem.sequence !== sequence)
      ) {
        wrong.push({ tampering: `${kind} ${sequence}: ${what}`, problem });
      }
    }
    expect(wrong).toEqual([]);
    expect([...found].sort()).toEqual([...problemKinds].sort());
  }, 60_000);
});
