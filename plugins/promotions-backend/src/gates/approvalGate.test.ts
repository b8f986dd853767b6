import { InputError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import {
  type Subject,
  type Vote,
  type Voter,
} from '@portico/plugin-promotions-common';
import { type GateFacts } from '@portico/plugin-promotions-node';
import fc from 'fast-check';
import {
  askGate,
  digest,
  promotion,
  stage,
  subject,
  subjectDigest,
} from '@portico/plugin-promotions-node/testUtils';
import { approvalGate } from './approvalGate';

const person = (name: string, ...belongsTo: string[]): Voter => ({
  ref: `user:aurora/${name}`,
  kind: 'person',
  belongsTo,
});
const vote = (name: string, more: Partial<Vote> = {}): Vote => ({
  voter: `user:aurora/${name}`,
  decision: 'approve',
  subject: subjectDigest,
  at: '2026-11-21T11:30:00.000Z',
  ...more,
});
const oneApprover = {
  rules: [{ name: 'release', from: ['role:approver'], required: 1 }],
};
const approvers = ['kim', 'robin', 'vera', 'editor', 'author'].map(name =>
  person(name, 'role:approver'),
);
const facts = (votes: Vote[], more: Partial<GateFacts> = {}) => ({
  votes: async () => votes,
  voters: async () => approvers,
  authors: async () => [
    { name: 'A', email: 'a@aurora.example', ref: 'user:aurora/author' },
    { name: 'S', email: 'stranger@elsewhere.example' },
  ],
  ...more,
});

describe('approvalGate', () => {
  it('waits, and says who can approve: not who asked for it, wrote it or changed its gates', async () => {
    await expect(
      askGate(approvalGate, oneApprover, facts([])),
    ).resolves.toMatchObject({
      outcome: 'waiting',
      reason: '"release" needs 1 more approval: robin or vera can approve.',
      evidence: {
        excluded: [
          { ref: 'user:aurora/kim', why: 'requester' },
          { ref: 'user:aurora/author', why: 'author' },
          { ref: 'user:aurora/editor', why: 'gateEditor' },
        ],
        // Addresses of strangers are nobody's business for good.
        authors: { read: true, withoutMember: 1 },
      },
    });
  });

  it('passes with an approval of what is shown', async () => {
    const answer = await askGate(
      approvalGate,
      oneApprover,
      facts([vote('robin')]),
    );
    expect(answer).toMatchObject({
      outcome: 'passed',
      reason: 'Approved by robin.',
      evidence: { rules: [{ approvedBy: ['user:aurora/robin'], missing: 0 }] },
    });
    expect(answer.validUntil).toBeUndefined();
  });

  it('refuses for good what somebody rejected', async () => {
    await expect(
      askGate(
        approvalGate,
        oneApprover,
        facts([vote('robin'), vote('author', { decision: 'reject' })]),
      ),
    ).resolves.toMatchObject({
      outcome: 'failed',
      reason: 'Rejected by author.',
    });
  });

  it.each(['kim', 'author', 'editor'])(
    'does not count the approval of %s, who is excluded',
    async name => {
      await expect(
        askGate(approvalGate, oneApprover, facts([vote(name)])),
      ).resolves.toMatchObject({
        outcome: 'waiting',
        evidence: { votes: [{ standing: 'excluded' }] },
      });
    },
  );

  it('does not count a vote on something else, nor one of who left since', async () => {
    await expect(
      askGate(
        approvalGate,
        oneApprover,
        facts([vote('robin', { subject: digest('0') }), vote('vera')], {
          voters: async () =>
            approvers.filter(({ ref }) => ref !== 'user:aurora/vera'),
        }),
      ),
    ).resolves.toMatchObject({
      outcome: 'waiting',
      evidence: { votes: [{ standing: 'stale' }, { standing: 'notEligible' }] },
    });
  });

  it('says when nobody or too few can approve', async () => {
    await expect(
      askGate(
        approvalGate,
        {
          rules: [
            { name: 'security', from: ['group:aurora/security'], required: 1 },
          ],
        },
        facts([]),
      ),
    ).resolves.toMatchObject({
      reason:
        '"security" needs 1 more approval, and nobody can give it: add somebody to group:aurora/security who did not ask for it, write it or change its gates.',
    });
    await expect(
      askGate(
        approvalGate,
        { rules: [{ name: 'release', from: ['role:approver'], required: 4 }] },
        facts([]),
      ),
    ).resolves.toMatchObject({
      reason:
        '"release" needs 4 more approvals, and only robin and vera can approve: add 2 more to role:approver.',
    });
  });

  it('tells until when approvals count', async () => {
    const options = { ...oneApprover, expiresAfter: 'PT1H' };
    await expect(
      askGate(approvalGate, options, facts([vote('robin')])),
    ).resolves.toMatchObject({
      outcome: 'passed',
      validUntil: new Date('2026-11-21T12:30:00.000Z'),
    });
    await expect(
      askGate(
        approvalGate,
        options,
        facts([vote('robin', { at: '2026-11-21T11:00:00.000Z' })]),
      ),
    ).resolves.toMatchObject({
      outcome: 'waiting',
      evidence: { votes: [{ standing: 'expired' }] },
    });
  });

  it.each([
    ['shortly before', '2026-11-21T11:26:00.000Z', 'passed', 'counts'],
    ['too long before', '2026-11-21T11:24:00.000Z', 'waiting', 'signInTooOld'],
    ['nobody knows when', undefined, 'waiting', 'signInTooOld'],
  ])(
    'asks for a fresh sign-in: %s',
    async (_, authenticatedAt, outcome, standing) => {
      await expect(
        askGate(
          approvalGate,
          { ...oneApprover, signedInWithin: 'PT5M' },
          facts([vote('robin', authenticatedAt ? { authenticatedAt } : {})]),
        ),
      ).resolves.toMatchObject({
        outcome,
        evidence: { votes: [{ standing }] },
      });
    },
  );

  describe('where a rule asks owners of dependants', () => {
    const rules = [
      { name: 'release', from: ['role:approver'], required: 1 },
      { name: 'dependants', from: ['owners:dependants'], required: 1 },
    ];
    const voters = async () => [
      ...approvers,
      person('owner', 'group:aurora/search'),
      person('other', 'group:aurora/shop'),
    ];
    const ask = (count: number, owners: string[], ...votes: Vote[]) =>
      askGate(
        approvalGate,
        { rules },
        facts(votes, { voters, dependants: async () => ({ count, owners }) }),
      );

    it('waits for one of them', async () => {
      const search = ['group:aurora/search'];
      await expect(ask(2, search, vote('robin'))).resolves.toMatchObject({
        outcome: 'waiting',
        reason: '"dependants" needs 1 more approval: owner can approve.',
        evidence: { dependants: { count: 2, owners: search } },
      });
      for (const [name, outcome] of [
        ['other', 'waiting'],
        ['vera', 'waiting'],
        ['owner', 'passed'],
      ]) {
        await expect(
          ask(2, search, vote('robin'), vote(name)),
        ).resolves.toMatchObject({ outcome });
      }
    });

    it('asks a person who owns one', async () => {
      await expect(
        ask(1, ['user:aurora/other'], vote('robin'), vote('other')),
      ).resolves.toMatchObject({ outcome: 'passed' });
    });

    it('asks nobody more where nothing depends on it', async () => {
      await expect(ask(0, [])).resolves.toMatchObject({ outcome: 'waiting' });
      await expect(ask(0, [], vote('robin'))).resolves.toMatchObject({
        outcome: 'passed',
      });
    });

    it('stays closed where nobody owns what depends on it, or nobody can tell', async () => {
      await expect(ask(1, [], vote('robin'))).resolves.toMatchObject({
        outcome: 'waiting',
        reason: expect.stringContaining('nobody can give it'),
      });
      await expect(
        askGate(
          approvalGate,
          { rules },
          facts([vote('robin')], {
            dependants: async () => {
              throw new InputError('The catalog does not answer');
            },
          }),
        ),
      ).rejects.toThrow('The catalog does not answer');
    });

    it('does not take them for all that is asked', () => {
      expect(() =>
        approvalGate.checkOptions({ rules: rules.slice(1) }),
      ).toThrow('must have a rule that asks a group or a role');
    });
  });

  it('cannot tell when nobody knows who wrote it, unless the pipeline lets that be', async () => {
    const unknown = facts([vote('robin')], {
      authors: async () => {
        throw new InputError('Nobody knows who wrote it');
      },
    });
    await expect(askGate(approvalGate, oneApprover, unknown)).rejects.toThrow(
      'Nobody knows who wrote it',
    );
    await expect(
      askGate(
        approvalGate,
        { ...oneApprover, authors: 'excludedIfKnown' },
        unknown,
      ),
    ).resolves.toMatchObject({
      outcome: 'passed',
      evidence: { authors: { read: false, why: 'InputError' } },
    });
  });

  it('waits where nobody can tell what is rendered, unless the pipeline lets that be', async () => {
    const unknown = {
      ...subject,
      shape: 2 as const,
      manifestsUnknown: 'The overlay builds on a branch',
    };
    const ask = (
      options: JsonObject,
      votes = [vote('robin')],
      about: Subject = unknown,
    ) => askGate(approvalGate, options, facts(votes), { subject: about });
    await expect(ask(oneApprover)).resolves.toMatchObject({
      outcome: 'waiting',
      reason: expect.stringContaining(
        'it cannot be told what is rendered: The overlay builds on a branch.',
      ),
      evidence: { manifestsUnknown: 'The overlay builds on a branch' },
    });
    await expect(
      ask({ ...oneApprover, manifests: 'signedIfKnown' }),
    ).resolves.toMatchObject({
      outcome: 'passed',
      evidence: { manifestsUnknown: 'The overlay builds on a branch' },
    });
    await expect(
      ask(oneApprover, [vote('robin', { decision: 'reject' })]),
    ).resolves.toMatchObject({ outcome: 'failed' });
    // What was shown before manifests were signed stays as good as it was.
    await expect(ask(oneApprover, undefined, subject)).resolves.toMatchObject({
      outcome: 'passed',
    });
  });

  it.each([
    ['no rule', { rules: [] }],
    [
      'two rules of one name',
      { rules: [...oneApprover.rules, ...oneApprover.rules] },
    ],
    ['an option that does not exist', { ...oneApprover, minimum: 0 }],
    [
      'nobody required',
      { rules: [{ name: 'a', from: ['role:approver'], required: 0 }] },
    ],
    [
      'a person as a group',
      { rules: [{ name: 'a', from: ['user:aurora/kim'], required: 1 }] },
    ],
  ])('refuses options with %s', (_, options) => {
    expect(() => approvalGate.checkOptions(options)).toThrow(
      'The options of the gate approval are wrong',
    );
  });

  it('never passes without as many different people of each rule as it asks for', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const groups = ['group:aurora/x', 'group:aurora/y', 'role:approver'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.subarray(groups), { minLength: 5, maxLength: 5 }),
        fc.array(
          fc.record({
            voter: fc.constantFrom(...names),
            decision: fc.constantFrom(
              'approve' as const,
              'withdraw' as const,
              'reject' as const,
            ),
            shown: fc.boolean(),
          }),
          { maxLength: 8 },
        ),
        fc.array(
          fc.record({
            from: fc.subarray(groups, { minLength: 1 }),
            required: fc.integer({ min: 1, max: 2 }),
          }),
          { minLength: 1, maxLength: 2 },
        ),
        fc.constantFrom(...names),
        fc.subarray(names),
        async (belongs, cast, shapes, requester, authors) => {
          const votes = cast.map(({ voter, decision, shown }) =>
            vote(voter, {
              decision,
              subject: shown ? subjectDigest : digest('0'),
            }),
          );
          const answer = await askGate(
            approvalGate,
            {
              rules: shapes.map((shape, index) => ({
                name: `rule ${index}`,
                ...shape,
              })),
            },
            {
              votes: async () => votes,
              voters: async () =>
                names.map((name, index) =>
                  person(name, ...(belongs[index] ?? [])),
                ),
              authors: async () =>
                authors.map(name => ({
                  name,
                  email: name,
                  ref: `user:aurora/${name}`,
                })),
            },
            {
              promotion: {
                ...promotion,
                requestedBy: `user:aurora/${requester}`,
              },
              stage: { ...stage, editors: [] },
            },
          );
          const last = new Map(
            cast
              .filter(({ shown }) => shown)
              .map(one => [one.voter, one.decision]),
          );
          const free = names.filter(
            name =>
              last.get(name) === 'approve' &&
              name !== requester &&
              !authors.includes(name),
          );
          const inSomeRule = (name: string) =>
            shapes.some(({ from }) =>
              belongs[names.indexOf(name)]?.some(group => from.includes(group)),
            );
          const rejected = cast.some(
            ({ voter, decision, shown }) =>
              shown && decision === 'reject' && inSomeRule(voter),
          );
          expect(answer.outcome === 'failed').toBe(rejected);
          const enough =
            free.length >=
              shapes.reduce((sum, { required }) => sum + required, 0) &&
            shapes.every(
              ({ from, required }) =>
                free.filter(name =>
                  belongs[names.indexOf(name)]?.some(group =>
                    from.includes(group),
                  ),
                ).length >= required,
            );
          expect(answer.outcome === 'passed' && !enough).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });
});
