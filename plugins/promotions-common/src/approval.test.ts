import fc from 'fast-check';
import {
  approvalGateOptionsSchema,
  type ApprovalRule,
  countVotes,
  excludedFromApproval,
  judgeApproval,
  type Vote,
  type Voter,
} from './approval';

const subject = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const now = new Date('2026-11-21T12:00:00Z');

const rule = (name: string, from: string[], required = 1): ApprovalRule => ({
  name,
  from,
  required,
});
const person = (name: string, ...belongsTo: string[]): Voter => ({
  ref: `user:aurora/${name}`,
  kind: 'person',
  belongsTo,
});
const vote = (
  name: string,
  decision: Vote['decision'] = 'approve',
  more: Partial<Vote> = {},
): Vote => ({
  voter: `user:aurora/${name}`,
  decision,
  subject,
  at: '2026-11-21T11:00:00Z',
  ...more,
});
const count = (options: Partial<Parameters<typeof countVotes>[0]>) =>
  countVotes({
    rules: [rule('leads', ['role:approver'])],
    votes: [],
    subject,
    voters: [
      person('robin', 'role:approver'),
      person('kim', 'group:aurora/checkout'),
    ],
    excluded: new Set(),
    now,
    ...options,
  });

describe('countVotes', () => {
  it('passes when the rules are filled, and says who else could approve until then', () => {
    expect(count({})).toMatchObject({
      outcome: 'waiting',
      rules: [{ missing: 1, mayApprove: ['user:aurora/robin'] }],
    });
    expect(count({ votes: [vote('robin')] })).toMatchObject({
      outcome: 'passed',
      rules: [
        { missing: 0, approvedBy: ['user:aurora/robin'], mayApprove: [] },
      ],
    });
  });

  it.each<[string, Partial<Parameters<typeof countVotes>[0]>, string]>([
    [
      'another subject',
      { votes: [vote('robin', 'approve', { subject: other })] },
      'stale',
    ],
    ['somebody of no group', { votes: [vote('kim')] }, 'notEligible'],
    ['nobody we know', { votes: [vote('stranger')] }, 'notEligible'],
    [
      'a machine',
      {
        votes: [vote('robin')],
        voters: [{ ...person('robin', 'role:approver'), kind: 'machine' }],
      },
      'notEligible',
    ],
    [
      'somebody who left the group',
      { votes: [vote('robin')], voters: [person('robin')] },
      'notEligible',
    ],
    [
      'whoever asked for it',
      { votes: [vote('robin')], excluded: new Set(['user:aurora/robin']) },
      'excluded',
    ],
    [
      'an hour ago',
      { votes: [vote('robin')], expiresAfter: 60 * 60 * 1000 },
      'expired',
    ],
    [
      'somebody who signed in too long before',
      {
        votes: [
          vote('robin', 'approve', { authenticatedAt: '2026-11-21T10:49:59Z' }),
        ],
        signedInWithin: 10 * 60 * 1000,
      },
      'signInTooOld',
    ],
    [
      'somebody of whom nobody knows when he signed in',
      { votes: [vote('robin')], signedInWithin: 10 * 60 * 1000 },
      'signInTooOld',
    ],
    [
      'a vote for another rule',
      { votes: [vote('robin', 'approve', { representing: 'security' })] },
      'spare',
    ],
  ])('does not count a vote of %s', (_, options, standing) => {
    const result = count(options);
    expect(result.outcome).toBe('waiting');
    expect(result.votes.map(one => one.standing)).toEqual([standing]);
  });

  it('counts an approval right after signing in, and a reject whenever that was', () => {
    const options = { signedInWithin: 10 * 60 * 1000 };
    const authenticatedAt = '2026-11-21T10:50:00Z';
    expect(
      count({
        ...options,
        votes: [vote('robin', 'approve', { authenticatedAt })],
      }).outcome,
    ).toBe('passed');
    expect(
      count({ ...options, votes: [vote('robin', 'reject')] }).outcome,
    ).toBe('rejected');
  });

  it('takes a withdrawal, and the vote after it', () => {
    const votes = [vote('robin'), vote('robin', 'withdraw')];
    expect(count({ votes })).toMatchObject({
      outcome: 'waiting',
      votes: [{ standing: 'replaced' }, { standing: 'withdrawn' }],
    });
    expect(count({ votes: [...votes, vote('robin')] }).outcome).toBe('passed');
  });

  it('keeps a reject for its subject, whatever follows, and forgets it with another', () => {
    const votes = [
      vote('robin', 'reject'),
      vote('robin', 'withdraw'),
      vote('robin'),
    ];
    expect(count({ votes }).outcome).toBe('rejected');
    expect(count({ votes, subject: other }).outcome).toBe('waiting');
  });

  it('takes the reject of whoever may not approve, but not of a stranger', () => {
    const excluded = new Set(['user:aurora/robin']);
    expect(count({ votes: [vote('robin', 'reject')], excluded }).outcome).toBe(
      'rejected',
    );
    expect(count({ votes: [vote('kim', 'reject')] }).outcome).toBe('waiting');
  });

  it('lets nobody through where there is no rule', () => {
    expect(count({ rules: [], votes: [vote('robin')] }).outcome).toBe(
      'waiting',
    );
  });

  it('moves a person to the rule that only he fills', () => {
    const rules = [
      rule('any', ['group:aurora/a', 'group:aurora/b']),
      rule('b', ['group:aurora/b']),
    ];
    const voters = [
      person('both', 'group:aurora/a', 'group:aurora/b'),
      person('one', 'group:aurora/a'),
    ];
    expect(count({ rules, voters, votes: [vote('both')] }).outcome).toBe(
      'waiting',
    );
    expect(
      count({ rules, voters, votes: [vote('both'), vote('one')] }),
    ).toMatchObject({
      outcome: 'passed',
      rules: [
        { approvedBy: ['user:aurora/one'] },
        { approvedBy: ['user:aurora/both'] },
      ],
    });
  });

  it('fills as many places as any assignment could, each person once', () => {
    const groups = ['group:t/a', 'group:t/b', 'group:t/c'];
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            from: fc.subarray(groups, { minLength: 1 }),
            required: fc.integer({ min: 1, max: 2 }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.array(fc.subarray(groups), { maxLength: 5 }),
        (shapes, people) => {
          const rules = shapes.map(({ from, required }, index) =>
            rule(`rule-${index}`, from, required),
          );
          const voters = people.map((belongsTo, index) =>
            person(`p${index}`, ...belongsTo),
          );
          const result = count({
            rules,
            voters,
            votes: voters.map((_, index) => vote(`p${index}`)),
          });
          const counted = result.rules.flatMap(({ approvedBy }) => approvedBy);
          expect(new Set(counted).size).toBe(counted.length);
          for (const { rule: one, approvedBy } of result.rules) {
            expect(approvedBy.length).toBeLessThanOrEqual(one.required);
          }
          expect(counted.length).toBe(mostPlaces(rules, people));
        },
      ),
    );
  });
});

describe('judgeApproval', () => {
  const options = (more: object) =>
    approvalGateOptionsSchema.parse({
      rules: [rule('leads', ['role:approver'])],
      ...more,
    });
  const judge = (more: object, votes: Vote[]) =>
    judgeApproval({
      gate: options(more),
      votes,
      subject,
      voters: [person('robin', 'role:approver')],
      excluded: new Set(),
      now,
    }).votes.map(({ standing }) => standing);

  it('counts with the times that the gate says', () => {
    expect(judge({}, [vote('robin')])).toEqual(['counts']);
    expect(judge({ expiresAfter: 'PT1H' }, [vote('robin')])).toEqual([
      'expired',
    ]);
    expect(judge({ expiresAfter: 'PT2H' }, [vote('robin')])).toEqual([
      'counts',
    ]);
    expect(judge({ signedInWithin: 'PT5M' }, [vote('robin')])).toEqual([
      'signInTooOld',
    ]);
  });

  it('excludes authors unless told, and wants a name of its own for each rule', () => {
    expect(options({}).authors).toBe('excluded');
    expect(() =>
      options({ rules: [rule('a', ['role:approver']), rule('a', ['role:x'])] }),
    ).toThrow('name of its own');
  });
});

describe('excludedFromApproval', () => {
  it('names each person once, with the first reason', () => {
    expect(
      excludedFromApproval({
        requestedBy: 'user:aurora/kim',
        authors: ['user:aurora/robin', 'user:aurora/kim'],
        editors: ['user:aurora/robin', 'user:aurora/vera'],
      }),
    ).toEqual([
      { ref: 'user:aurora/kim', why: 'requester' },
      { ref: 'user:aurora/robin', why: 'author' },
      { ref: 'user:aurora/vera', why: 'gateEditor' },
    ]);
  });
});

/** By trying every assignment. */
function mostPlaces(
  rules: readonly ApprovalRule[],
  [first, ...rest]: readonly (readonly string[])[],
): number {
  if (first === undefined) {
    return 0;
  }
  return Math.max(
    mostPlaces(rules, rest),
    ...rules
      .filter(
        one =>
          one.required > 0 && one.from.some(group => first.includes(group)),
      )
      .map(
        one =>
          1 +
          mostPlaces(
            rules.map(each =>
              each === one ? { ...one, required: one.required - 1 } : each,
            ),
            rest,
          ),
      ),
  );
}
