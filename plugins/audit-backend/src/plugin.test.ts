import { access, mkdtemp, readdir, readFile, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import {
  createSigningKey,
  openCheckpoint,
} from '@portico/plugin-audit-common/chain';
import { recordAudit } from '@portico/plugin-audit-node';
import {
  tenancyMigrations,
  tenancyServiceFactory,
} from '@portico/plugin-tenancy-backend';
import { record } from './__testUtils__/AuditEngine';
import auditFeature, { auditMigrations } from './index';

jest.setTimeout(60_000);

const seed = Buffer.alloc(32, 1).toString('base64');

describe('the audit plugin', () => {
  let testDatabase: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations],
    });
    folder = await mkdtemp(join(tmpdir(), 'portico-test-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await testDatabase?.destroy();
  });

  const start = (audit: JsonObject | undefined) =>
    startTestBackend({
      features: [
        auditFeature,
        tenancyServiceFactory,
        mockServices.rootConfig.factory({
          data: {
            ...testDatabase.config,
            app: { baseUrl: 'https://portal.example.com:8443' },
            auth: { environment: 'production' },
            ...(audit ? { audit } : {}),
          },
        }),
      ],
    });

  it('chains, signs and delivers what is recorded, until it is stopped', async () => {
    const backend = await start({
      signingKeys: [seed],
      checkpoints: {
        everyEntries: 1,
        destinations: [{ name: 'folder', type: 'file', directory: folder }],
      },
    });
    try {
      await recordAudit(testDatabase.database, record());
      const path = join(folder, 'aurora', '000000000001.checkpoint');
      const deadline = Date.now() + 30_000;
      while (Date.now() < deadline && !(await exists(path))) {
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      const origin = 'portal.example.com:8443';
      const { checkpoint } = openCheckpoint(await readFile(path, 'utf8'), [
        createSigningKey(origin, seed).verifier,
      ]);
      expect(checkpoint).toMatchObject({ origin, chain: 'aurora', size: 1 });
    } finally {
      await backend.stop();
    }
    expect(await readdir(folder)).toContain('aurora');
  });

  it('does not start without a key, and says so in one sentence', async () => {
    await expect(start(undefined)).rejects.toThrow(
      'The audit has no key to sign checkpoints with: set audit.signingKeys to a list with the Base64 text of 32 random bytes',
    );
  });
});

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
