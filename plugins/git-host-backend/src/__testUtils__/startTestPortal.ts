import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BackstageCredentials,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { AuthenticationError } from '@backstage/errors';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { parseEntityRef } from '@backstage/catalog-model';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { type GitHostPush } from '@portico/plugin-git-host-node';
import { type MachineScope, type Role } from '@portico/plugin-tenancy-common';
import {
  type TenancyService,
  tenancyServiceRef,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import { type GitHostLimits } from '../config/readGitHostConfig';
import { type DefaultGitHostService } from '../DefaultGitHostService';
import { defaultGitHostServiceRef } from '../gitHostServiceFactory';
import { gitHostFeatures } from '../plugin';
import { testLimits } from './createTestGitHost';

const run = promisify(execFile);

/** People of the tests: every tenant has the same few. */
const ROLES: Record<string, Role[]> = {
  'user:aurora/kim': ['developer'],
  'user:aurora/vic': ['viewer'],
  'user:aurora/tia': ['tenant-admin'],
  'user:borealis/bob': ['developer'],
  'user:default/pat': ['platform-admin'],
  'user:default/ana': ['auditor'],
};

const MACHINES: Record<string, MachineScope[]> = {
  portico_aurora_1_both: ['git:read', 'git:write'],
  portico_aurora_2_reads: ['git:read'],
  portico_aurora_3_catalog: ['catalog:read'],
  portico_borealis_4_both: ['git:read', 'git:write'],
};

/** The tenancy service as far as the Git host asks it. */
function createTestTenancy(
  registered: unknown[],
): Pick<TenancyService, 'directory' | 'principal' | 'sources'> {
  const refuse = async (): Promise<never> => {
    throw new AuthenticationError('not in this test');
  };
  return {
    async principal(
      credentials: BackstageCredentials,
    ): Promise<TenantPrincipal> {
      const principal = credentials.principal as { userEntityRef?: string };
      const userRef = principal.userEntityRef ?? '';
      const roles = ROLES[userRef];
      if (!roles) {
        throw new AuthenticationError('The session is over');
      }
      return {
        tenant: parseEntityRef(userRef).namespace,
        userRef,
        displayName: userRef,
        kind: 'person',
        roles,
        groups: [],
        scopes: [],
        membershipVersion: 1,
      };
    },
    directory: {
      members: refuse,
      entities: refuse,
      personas: refuse,
      findByIdentity: refuse,
      takeDeviceGrant: refuse,
      async findByMachineToken(token) {
        const scopes = MACHINES[token];
        if (!scopes) {
          throw new AuthenticationError('The token is expired or revoked');
        }
        return { userRef: `user:${token.split('_')[1]}/bot-ci`, scopes };
      },
    },
    sources: {
      list: refuse,
      get: refuse,
      remove: refuse,
      recordScan: refuse,
      recordUnreadable: refuse,
      lastGood: refuse,
      refusals: refuse,
      async register(source) {
        registered.push(source);
        return {
          tenant: source.tenant,
          name: source.name,
          location: source.location,
          createdAt: new Date(0).toISOString(),
        };
      },
    },
  };
}

/** A backend with the Git host alone, its people, and the real `git` in front of it. */
export async function startTestPortal(
  options: {
    limits?: Partial<GitHostLimits>;
    gitHost?: Record<string, unknown>;
    /** The real service, where a test needs its tables. */
    tenancy?: TenancyService;
    deny?: (permission: BasicPermission, userRef: string) => boolean;
  } = {},
) {
  const directory = await mkdtemp(join(tmpdir(), 'portico-portal-'));
  const testDatabase = await TestDatabase.create({
    migrations: [auditMigrations],
    pluginIds: [],
  });
  const { portico } = testDatabase.config;
  const events: Array<{ topic: string; payload: unknown }> = [];
  const registered: unknown[] = [];
  let service: DefaultGitHostService | undefined;

  const backend = await startTestBackend({
    features: [
      gitHostFeatures,
      createServiceFactory({
        service: tenancyServiceRef,
        deps: {},
        factory: () =>
          options.tenancy ?? (createTestTenancy(registered) as TenancyService),
      }),
      mockServices.rootConfig.factory({
        data: {
          portico,
          app: { baseUrl: 'http://portal.example' },
          backend: { baseUrl: 'http://portal.example' },
          gitHost: {
            directory: join(directory, 'repositories'),
            limits: { ...testLimits, ...options.limits },
            ...options.gitHost,
          },
        },
      }),
      createServiceFactory({
        service: eventsServiceRef,
        deps: {},
        factory: () => ({
          async publish({ topic, eventPayload }) {
            events.push({ topic, payload: eventPayload });
          },
          async subscribe() {},
        }),
      }),
      mockServices.permissions.mock({
        authorize: async (requests, authorizeOptions) => {
          const credentials = (
            authorizeOptions as { credentials: BackstageCredentials }
          ).credentials;
          const { userEntityRef } = credentials.principal as {
            userEntityRef: string;
          };
          return requests.map(({ permission }) => ({
            result: options.deny?.(permission as BasicPermission, userEntityRef)
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
          }));
        },
      }).factory,
      captureService(gitHost => {
        service = gitHost;
      }),
    ],
  });
  if (!service) {
    throw new Error('The Git host did not start');
  }
  const gitHost = service;
  const { server } = backend;
  const origin = `http://localhost:${server.port()}`;
  const home = join(directory, 'home');
  await mkdir(home);

  /** Runs git as somebody at a desk would; `token` goes as Basic or Bearer. */
  const git = async (
    args: string[],
    as: { token?: string; scheme?: 'basic' | 'bearer'; cwd?: string } = {},
  ) => {
    const header =
      as.scheme === 'bearer'
        ? `Authorization: Bearer ${as.token}`
        : `Authorization: Basic ${Buffer.from(`git:${as.token}`).toString(
            'base64',
          )}`;
    return run(
      'git',
      [...(as.token ? ['-c', `http.extraHeader=${header}`] : []), ...args],
      {
        cwd: as.cwd ?? directory,
        maxBuffer: 64 * 1024 * 1024,
        env: {
          PATH: process.env.PATH,
          HOME: home,
          LC_ALL: 'C',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_TERMINAL_PROMPT: '0',
          GIT_AUTHOR_NAME: 'Kim',
          GIT_AUTHOR_EMAIL: 'kim@aurora.example',
          GIT_COMMITTER_NAME: 'Kim',
          GIT_COMMITTER_EMAIL: 'kim@aurora.example',
        },
      },
    );
  };

  return {
    server,
    gitHost,
    directory,
    /** Where the acts are recorded. */
    database: testDatabase.database,
    events,
    registered,
    git,
    origin,
    /** Address for git. */
    remote: (tenant: string, repository: string) =>
      `${origin}/api/git-host/${tenant}/${repository}.git`,
    pushes: () =>
      events
        .filter(event => event.topic === 'git-host.push')
        .map(event => event.payload as GitHostPush),
    async stop() {
      await backend.stop();
      await gitHost.processes.endAll();
      await rm(directory, { recursive: true, force: true });
      await testDatabase.destroy();
    },
  };
}

export type TestPortal = Awaited<ReturnType<typeof startTestPortal>>;

/** A portal token of a user. */
export const tokenOf = (userRef: string) => mockCredentials.user.token(userRef);
/** The header that the portal's own pages send. */
export const headerOf = (userRef: string) =>
  mockCredentials.user.header(userRef);

/** Hands out the service that the plugin works with. */
function captureService(onService: (gitHost: DefaultGitHostService) => void) {
  return createBackendPlugin({
    pluginId: 'capture',
    register(env) {
      env.registerInit({
        deps: { gitHost: defaultGitHostServiceRef },
        async init({ gitHost }) {
          onService(gitHost);
        },
      });
    },
  });
}
