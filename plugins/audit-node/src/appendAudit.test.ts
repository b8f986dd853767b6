import { TestDatabase } from '@portico/database/testUtils';
import { personal } from '@portico/plugin-audit-common';
import { auditMigrations } from '@portico/plugin-audit-backend';
import fc from 'fast-check';
import {
  type AuditRecord,
  appendAudit,
  defineAuditAct,
  pluginAuditContext,
  recordAudit,
  signedInAs,
} from '.';
import { recordedActs } from './testUtils';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

const act = defineAuditAct({
  name: 'test.thing.change',
  severity: 'medium',
  when: 'A thing changes.',
  fields: ['details.size'],
});

const kim = signedInAs(
  {
    actor: { kind: 'anonymous' },
    requestId: 'request-1',
    sourceAddress: '192.0.2.7',
  },
  'user:aurora/kim',
);

const record: AuditRecord = {
  chain: 'aurora',
  act,
  context: kim,
  subject: { kind: 'thing', ref: 'thing-1' },
};

describe('appendAudit', () => {
  let testDatabase: TestDatabase;
  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ migrations: [auditMigrations] });
  });
  afterAll(() => testDatabase.destroy());

  async function recorded(wish: Partial<AuditRecord>) {
    await recordAudit(testDatabase.database, { ...record, ...wish });
    return (await recordedActs(testDatabase.database)).at(-1);
  }

  it('marks persons, addresses and reasons, and nothing else', async () => {
    await expect(
      recorded({
        subject: { kind: 'member', ref: 'user:aurora/vic' },
        reason: 'Left the company',
        change: { before: { email: personal('user:aurora/vic', 'v@x') } },
        details: { size: 3, machine: 'user:aurora/bot-ci' },
      }),
    ).resolves.toEqual({
      chain: 'aurora',
      act: 'test.thing.change',
      severity: 'medium',
      outcome: 'succeeded',
      requestId: 'request-1',
      actor: {
        kind: 'person',
        ref: personal('user:aurora/kim', 'user:aurora/kim'),
      },
      subject: {
        kind: 'member',
        ref: personal('user:aurora/vic', 'user:aurora/vic'),
      },
      reason: personal('user:aurora/kim', 'Left the company'),
      sourceAddress: personal('user:aurora/kim', '192.0.2.7'),
      change: { before: { email: personal('user:aurora/vic', 'v@x') } },
      details: { size: 3, machine: 'user:aurora/bot-ci' },
    });
  });

  it('marks whom a plugin acts for, and the address of somebody unknown', async () => {
    await expect(
      recorded({
        context: pluginAuditContext('scaffolder', {
          onBehalfOf: 'user:aurora/kim',
          correlation: 'task-1',
        }),
        reason: 'A template asked for it',
      }),
    ).resolves.toMatchObject({
      actor: { kind: 'plugin', ref: 'plugin:scaffolder' },
      onBehalfOf: personal('user:aurora/kim', 'user:aurora/kim'),
      reason: personal('user:aurora/kim', 'A template asked for it'),
      correlation: 'task-1',
    });
    await expect(
      recorded({
        context: {
          actor: { kind: 'anonymous' },
          sourceAddress: '192.0.2.9',
        },
        outcome: 'refused',
        reason: 'Unknown',
      }),
    ).resolves.toMatchObject({
      actor: { kind: 'anonymous' },
      outcome: 'refused',
      reason: 'Unknown',
      sourceAddress: personal('address:192.0.2.9', '192.0.2.9'),
    });
  });

  it('takes any text, in a form that the chain can hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string({ unit: 'binary', maxLength: 10 }),
          fc.string({ unit: 'binary', maxLength: 20 }),
          { maxKeys: 4 },
        ),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }),
        async (details, reason) => {
          const draft = await recorded({
            reason: `\ud800\0${reason}`,
            details: { ...details, odd: '\udc00\0' },
          });
          const text = JSON.stringify(draft);
          expect(JSON.parse(text).details.odd).toBe('\ufffd\ufffd');
          expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    ['without a subject', { subject: { kind: 'thing', ref: '' } }],
    ['for no chain', { chain: '../other' }],
    [
      'with a ref that no index takes',
      { subject: { kind: 'thing', ref: '€'.repeat(700) } },
    ],
    ['that is too large', { details: { text: 'x'.repeat(70_000) } }],
    [
      'whose commitments are too large, though its draft is not',
      {
        details: {
          names: Array.from({ length: 760 }, () => personal('user:a/b', 'c')),
        },
      },
    ],
  ])('refuses a record %s, and the act with it', async (_why, wish) => {
    const before = await recordedActs(testDatabase.database);
    await expect(recorded(wish)).rejects.toThrow(/audit entry|not a tenant id/);
    await expect(recordedActs(testDatabase.database)).resolves.toEqual(before);
  });

  it('is undone with the act, and cannot be written to a foreign chain', async () => {
    const { database } = testDatabase;
    const before = await recordedActs(database);
    await expect(
      database.inTenant('aurora', async transaction => {
        await appendAudit(transaction, record);
        throw new Error('The act failed');
      }),
    ).rejects.toThrow('The act failed');
    await expect(
      database.inTenant('borealis', transaction =>
        appendAudit(transaction, record),
      ),
    ).rejects.toThrow('row-level security');
    await expect(recordedActs(database)).resolves.toEqual(before);
    await database.asPlatform('test', transaction =>
      appendAudit(transaction, record),
    );
    await expect(recordedActs(database)).resolves.toHaveLength(
      before.length + 1,
    );
  });
});

describe('defineAuditAct', () => {
  it('takes names of plugin, noun and verb only', () => {
    expect(() => defineAuditAct({ ...act, name: 'Change' })).toThrow();
  });
});
