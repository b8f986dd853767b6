import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import { AuthenticationError } from '@backstage/errors';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { type JsonObject } from '@backstage/types';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { gitHostServiceFactory } from '@portico/plugin-git-host-backend';
import { type GitHostService } from '@portico/plugin-git-host-node';
import { type TenantPrincipal } from '@portico/plugin-tenancy-node';

const by = pluginAuditContext('test');

export const KIM = 'user:aurora/kim';
export const BOB = 'user:borealis/bob';

/** The tenancy service as far as the actions ask who somebody is. */
export const testTenancy = {
  async principal(credentials: BackstageCredentials): Promise<TenantPrincipal> {
    const { userEntityRef } = credentials.principal as {
      userEntityRef?: string;
    };
    const match = /^user:(\w+)\/(\w+)$/.exec(userEntityRef ?? '');
    if (!match || match[2] === 'gone') {
      throw new AuthenticationError('The session is over');
    }
    return {
      tenant: match[1],
      userRef: match[0],
      displayName: 'Kim Example',
      kind: 'person',
      roles: ['developer'],
      groups: [],
      scopes: [],
      membershipVersion: 1,
    };
  },
};

/** A real Git host, and a folder that all of it lies in. */
export async function startTestGitHost() {
  const directory = await mkdtemp(join(tmpdir(), 'portico-actions-'));
  const testDatabase = await TestDatabase.create({
    migrations: [auditMigrations],
    pluginIds: [],
  });
  const baseUrl = 'http://localhost:7161';
  const config = {
    portico: testDatabase.config.portico,
    app: { baseUrl },
    backend: { baseUrl },
    integrations: {
      gitea: [{ host: 'localhost:7161', baseUrl: `${baseUrl}/api/git-host` }],
    },
    gitHost: {
      directory: join(directory, 'repositories'),
      limits: { treeFiles: 20, treeBytes: 100_000 },
    },
  };
  const gitHost: GitHostService = await ServiceFactoryTester.from(
    gitHostServiceFactory,
    { dependencies: [mockServices.rootConfig.factory({ data: config })] },
  ).getSubject();
  let count = 0;

  const folder = async (
    files: Record<string, string | Buffer>,
  ): Promise<string> => {
    count += 1;
    const root = join(directory, `folder-${count}`);
    await mkdir(root);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    return root;
  };

  return {
    gitHost,
    /** Where the acts are recorded. */
    database: testDatabase.database,
    config,
    folder,
    /** Makes a repository with these files on main. */
    async repository(
      tenant: string,
      repository: string,
      files: Record<string, string>,
      trailers?: Record<string, string>,
    ) {
      await gitHost.create({ by, tenant, repository, description: '' });
      return gitHost.commit({
        by,
        tenant,
        repository,
        branch: 'main',
        message: 'First',
        author: { name: 'Test', email: 'test@portico.invalid' },
        onBehalfOf: KIM,
        directory: await folder(files),
        expectedHead: undefined,
        trailers,
      });
    },
    /** All files of a repository's main branch. */
    async files(tenant: string, repository: string) {
      const { files } = await gitHost.readTree({
        tenant,
        repository,
        ref: 'main',
        path: '',
      });
      return Object.fromEntries(
        files.map(file => [file.path, file.content.toString('utf8')]),
      );
    },
    async destroy() {
      await rm(directory, { recursive: true, force: true });
      await testDatabase.destroy();
    },
  };
}

/** Context of one run of an action, started by a user. */
export function createTestContext<TInput extends JsonObject>(options: {
  input: TInput;
  workspacePath: string;
  userRef?: string;
  taskId?: string;
  template?: { entityRef: string; baseUrl?: string };
  isDryRun?: boolean;
}) {
  const outputs: Record<string, unknown> = {};
  const context = {
    ...createMockActionContext({
      input: options.input,
      workspacePath: options.workspacePath,
      task: { id: options.taskId ?? 'task-1' },
      templateInfo: options.template,
    }),
    isDryRun: options.isDryRun,
    getInitiatorCredentials: async () =>
      mockCredentials.user(options.userRef ?? KIM),
    createTemporaryDirectory: () => mkdtemp(`${options.workspacePath}-tmp-`),
    output: (name: string, value: unknown) => {
      outputs[name] = value;
    },
  };
  return { context, outputs };
}
