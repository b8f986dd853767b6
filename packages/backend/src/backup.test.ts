import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type BackupStore,
  createBackup,
  openBackupStore,
  restoreBackup,
  type RestoreOptions,
} from '@portico/backup';
import { bootstrapDatabase, migrate } from '@portico/database';
import { type TestDatabase } from '@portico/database/testUtils';
import {
  createSigningKey,
  verifyBundle,
} from '@portico/plugin-audit-common/chain';
import { Client } from 'pg';
import { ShippedPortal, until } from './__testUtils__/ShippedPortal';
import { installedMigrations } from './installedMigrations';
import { portalMigrations } from './portalMigrations';

jest.setTimeout(180_000);

const programs = process.env.PORTICO_POSTGRES_PROGRAMS;
const dumpVersion = spawnSync(join(programs ?? '', 'pg_dump'), ['--version']);
const canDump =
  Number(/\) (\d+)/.exec(String(dumpVersion.stdout))?.[1] ?? 0) >= 18;

// the name of the log stays the same wherever it is restored
const origin = 'portal.example.com';

const knownMigrations = new Set(
  [...portalMigrations, ...installedMigrations].flatMap(({ directory }) =>
    readdirSync(directory),
  ),
);

(canDump ? describe : describe.skip)(
  `a backup${
    canDump
      ? ''
      : ' (skipped: no pg_dump 18 on the PATH or in PORTICO_POSTGRES_PROGRAMS)'
  }`,
  () => {
    let portal: ShippedPortal;
    let folder: string;
    let store: BackupStore;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'portico-backup-'));
      store = openBackupStore(folder);
      portal = await ShippedPortal.start({ audit: { origin } });
      const pat = (await portal.signIn('user:default/pat')).ask;
      for (const tenant of ['aurora', 'borealis']) {
        await pat('POST', '/tenancy/tenants', { id: tenant, title: tenant });
        await pat('PUT', `/tenancy/tenants/${tenant}/groups/shop`, {
          displayName: 'Shop',
        });
        await pat('PUT', `/tenancy/tenants/${tenant}/members/kim`, {
          displayName: `Kim of ${tenant}`,
          roles: ['developer', 'tenant-admin'],
          groups: ['shop'],
          identity: {
            issuer: 'urn:portico:persona',
            subject: `user:${tenant}/kim`,
          },
        });
      }
      await entriesOf(portal, 4);
    });
    afterAll(async () => {
      await portal?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    /** The audit of aurora, verified as somebody outside would. */
    async function entriesOf(of: ShippedPortal, atLeast: number) {
      const kim = (await of.signIn('user:aurora/kim')).ask;
      return until(async () => {
        const answer = await kim('GET', '/audit/export?chain=aurora');
        const text = await answer.text();
        const report = await verifyBundle(Readable.from([text]), {
          keys: [createSigningKey(origin, of.secrets.auditKey).verifier],
        });
        if (!report.ok) throw new Error(JSON.stringify(report.problem));
        const size = text.split('\n').filter(line => line.includes('"act"'));
        return size.length >= atLeast ? size : undefined;
      }, 'The audit');
    }

    async function take() {
      const { testDatabase } = portal;
      const login = new URL(testDatabase.connectionString('app'));
      await bootstrapDatabase(process.env.PORTICO_TEST_POSTGRES ?? '', {
        database: login.pathname.slice(1),
        passwords: {
          app: login.password,
          stock: login.password,
          migrator: login.password,
          jobs: login.password,
          backup: login.password,
        },
      });
      login.username = 'portico_backup';
      return createBackup({
        connection: login.toString(),
        store,
        repositories: join(portal.directory, 'git'),
        version: 'test',
        programs,
      });
    }

    const restore = (
      database: TestDatabase,
      more: Partial<RestoreOptions> = {},
    ) =>
      restoreBackup({
        store,
        connection: database.adminConnectionString,
        knownMigrations,
        programs,
        ...more,
      });

    it('is restored into an empty database, where the audit verifies and the walls stand', async () => {
      const before = await entriesOf(portal, 4);
      const { manifest } = await take();
      expect(manifest.tables['portico_tenancy.tenants']).toBe(3);
      let restored: Awaited<ReturnType<typeof restore>> | undefined;
      const other = await ShippedPortal.start({
        audit: { origin },
        secrets: portal.secrets,
        prepare: async ({ testDatabase, directory }) => {
          await empty(testDatabase);
          restored = await restore(testDatabase, {
            repositories: join(directory, 'git'),
          });
          await migrate({
            connection: testDatabase.connectionString('migrator'),
            migrations: portalMigrations,
          });
        },
      });
      try {
        // those of the platform
        expect(restored?.repositories).toBeGreaterThan(0);
        const after = await entriesOf(other, before.length);
        expect(after.slice(0, before.length)).toEqual(before);

        const kim = (await other.signIn('user:aurora/kim')).ask;
        const stranger = (await other.signIn('user:borealis/kim')).ask;
        const members = '/tenancy/tenants/aurora/members';
        expect(await (await kim('GET', members)).text()).toContain(
          'Kim of aurora',
        );
        expect((await stranger('GET', members)).status).not.toBe(200);
        const own = await stranger('GET', '/tenancy/tenants/borealis/members');
        expect(await own.text()).not.toContain('Kim of aurora');

        const added = await kim('PUT', `${members}/vic`, {
          displayName: 'Vic',
          roles: ['viewer'],
          groups: ['shop'],
          identity: {
            issuer: 'urn:portico:persona',
            subject: 'user:aurora/vic',
          },
        });
        expect(added.status).toBe(201);
        const later = await entriesOf(other, after.length + 1);
        expect(later.slice(0, after.length)).toEqual(after);
      } finally {
        await other.stop();
      }
    });

    it('is not restored over something, nor when it is damaged or of a newer version', async () => {
      const { name } = await take();
      const { testDatabase } = portal;
      await expect(restore(testDatabase)).rejects.toThrow(
        'The database is not empty',
      );
      await expect(
        restore(testDatabase, { knownMigrations: new Set() }),
      ).rejects.toThrow('The backup is of a newer version');
      await appendFile(join(folder, name, 'database.dump'), 'x');
      await expect(restore(testDatabase)).rejects.toThrow(
        'database.dump is not what was written',
      );
    });
  },
);

/** Leaves what a new database has. */
async function empty(database: TestDatabase): Promise<void> {
  const client = new Client({
    connectionString: database.adminConnectionString,
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select nspname as name from pg_namespace
        where nspname <> 'information_schema' and nspname !~ '^pg_'`,
    );
    for (const { name } of rows) {
      await client.query(
        `drop schema ${client.escapeIdentifier(name)} cascade`,
      );
    }
    await client.query('create schema public');
  } finally {
    await client.end();
  }
}
