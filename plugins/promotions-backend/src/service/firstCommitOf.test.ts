import { mockServices } from '@backstage/backend-test-utils';
import { migrate, rollback } from '@portico/database';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import { type SourceCommits } from '../diff/commits/SourceCommits';
import { promotionsMigrations } from '../migrations';
import { openStores } from '../store/openStores';
import { createPromotionService } from './createPromotionService';

jest.setTimeout(60_000);

const tenant = 'aurora';
const component = 'component:aurora/checkout';
const by = {
  tenant,
  ref: 'user:aurora/dana',
  context: pluginAuditContext('test'),
};
/** Of the history a … z: a commit of one letter, written at its hour of the day. */
const commitOf = (letter: string) =>
  letter.charCodeAt(0).toString(16).repeat(20);
const hourOf = (letter: string) =>
  new Date(Date.UTC(2026, 10, 1, letter.charCodeAt(0) - 97)).toISOString();

/** A history in which each letter follows the one before. */
const commits: SourceCommits = {
  async between({ before, after }) {
    const letterOf = (commit: string) =>
      String.fromCharCode(parseInt(commit.slice(0, 2), 16));
    const last = letterOf(after.source?.commit ?? '');
    const first = before?.source ? letterOf(before.source.commit) : '`';
    const [from, to] = first < last ? [first, last] : [last, first];
    const letters = Array.from(
      { length: to.charCodeAt(0) - from.charCodeAt(0) },
      (_, index) => String.fromCharCode(to.charCodeAt(0) - index),
    );
    return {
      reversed: first > last,
      items: letters.map(letter => ({
        id: commitOf(letter),
        subject: letter,
        authorName: 'Dana',
        authorEmail: 'dana@aurora.example',
        committedAt: hourOf(letter),
        trailers: {},
      })),
    };
  },
};

describe('the first commit of what is deployed', () => {
  let testDatabase: TestDatabase;
  let now = Date.parse('2026-11-02T00:00:00Z');

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [tenancyMigrations, auditMigrations, promotionsMigrations],
    });
    await testDatabase.database.asPlatform('test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values ('aurora', 'A')`,
      ),
    );
  });
  afterAll(() => testDatabase?.destroy());

  function announce(letter: string, of: SourceCommits | undefined = commits) {
    now += 1_000;
    return createPromotionService({
      database: testDatabase.database,
      logger: mockServices.logger.mock(),
      now: () => new Date(now),
      resolver: { resolve: async () => ({ pipelineRefs: [], stages: [] }) },
      ...(of && { commits: of }),
    }).announce(
      {
        content: {
          component,
          version: letter,
          images: [],
          charts: [],
          source: {
            repository:
              'http://localhost:7007/api/git-host/aurora/checkout.git',
            commit: commitOf(letter),
          },
        },
      },
      by,
    );
  }

  /** @returns the first commit's letter and hour, as it is kept */
  function deploy(release: string, environment: string) {
    now += 1_000;
    const at = new Date(now).toISOString();
    return testDatabase.database.inTenant(tenant, async transaction => {
      await openStores(transaction, tenant).deployments.add({
        component,
        environment,
        tier: 'production',
        release,
        result: 'succeeded',
        kind: 'promote',
        source: 'observed',
        initiatedBy: by.ref,
        startedAt: at,
        finishedAt: at,
        sample: false,
      });
      const { rows } = await transaction.raw(
        `select first_commit_at from portico_promotions.deployments
          where finished_at = ?`,
        [at],
      );
      return rows[0].first_commit_at?.toISOString();
    });
  }

  it('is the first since what ran there, through all releases that were left out', async () => {
    const first = await announce('c');
    expect(await deploy(first.id, 'dev')).toBe(hourOf('c'));
    expect(await deploy(first.id, 'prod')).toBe(hourOf('c'));

    const second = await announce('f');
    const third = await announce('h');
    expect(await deploy(second.id, 'dev')).toBe(hourOf('d'));
    expect(await deploy(third.id, 'dev')).toBe(hourOf('g'));
    // d and f come with it
    expect(await deploy(third.id, 'prod')).toBe(hourOf('d'));
    // never deployed there before
    expect(await deploy(third.id, 'other')).toBe(hourOf('g'));
    // announced again, it stays what it was
    expect(await announce('h')).toEqual(third);

    // an older commit brings nothing new
    const older = await announce('e');
    expect(await deploy(older.id, 'other')).toBeUndefined();
  });

  it('is unknown, and holds nothing up, where commits cannot be read', async () => {
    const unreadable: SourceCommits = {
      between: async () => {
        throw new Error('The repository is gone');
      },
    };
    const release = await announce('m', unreadable);
    expect(await deploy(release.id, 'dev')).toBeUndefined();
  });

  it('goes back and forth with releases in its table', async () => {
    const connection = testDatabase.connectionString('migrator');
    await rollback({ connection, migrations: promotionsMigrations });
    await migrate({ connection, migrations: [promotionsMigrations] });
    await expect(announce('c')).resolves.toMatchObject({ found: 'announced' });
  });
});
