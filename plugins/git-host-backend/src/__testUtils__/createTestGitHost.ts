import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import {
  type GitHostConfig,
  type GitHostLimits,
} from '../config/readGitHostConfig';
import { DefaultGitHostService } from '../DefaultGitHostService';

/** Limits that a test reaches quickly. */
export const testLimits: GitHostLimits = {
  pushBytes: 8 * 1024 * 1024,
  fileBytes: 64 * 1024,
  treeBytes: 256 * 1024,
  treeFiles: 50,
  tenantBytes: 512 * 1024 * 1024,
  tenantRepositories: 20,
  tenantTransfers: 16,
  transferSeconds: 120,
};

/** A Git host with real repositories in a folder of its own, for tests. */
export async function createTestGitHost(
  options: { limits?: Partial<GitHostLimits>; baseUrl?: string } = {},
) {
  const directory = await mkdtemp(join(tmpdir(), 'portico-git-host-'));
  const portal = options.baseUrl ?? 'http://localhost:7160';
  const config: GitHostConfig = {
    directory: join(directory, 'repositories'),
    baseUrl: `${portal}/api/git-host`,
    appBaseUrl: portal,
    limits: { ...testLimits, ...options.limits },
    platformRepositories: [],
  };
  const testDatabase = await TestDatabase.create({
    migrations: [auditMigrations],
    pluginIds: [],
  });
  const gitHost = await DefaultGitHostService.create({
    config,
    database: testDatabase.database,
    logger: mockServices.logger.mock(),
  });
  return {
    gitHost,
    /** Where the acts are recorded. */
    database: testDatabase.database,
    /** Free for the files of the test; goes with the rest. */
    directory,
    async destroy() {
      await gitHost.processes.endAll();
      await rm(directory, { recursive: true, force: true });
      await testDatabase.destroy();
    },
  };
}
