import { type BackendFeature } from '@backstage/backend-plugin-api';
import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { type Entity } from '@backstage/catalog-model';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { type JsonObject } from '@backstage/types';
import { type PluginMigrations } from '@portico/database';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import authModulePersonas from '@portico/plugin-auth-backend-module-personas';
import authModuleTenancy from '@portico/plugin-auth-backend-module-tenancy';
import tenancyPlugin, {
  createTenancyService,
  tenancyMigrations,
} from '@portico/plugin-tenancy-backend';
import { PERSONA_ISSUER } from '@portico/plugin-tenancy-common';
import { CommandLine } from './CommandLine';

/** What a portal has beside sign-in and tenancy. */
export interface TestPortalAdditions {
  migrations?: PluginMigrations[];
  features?: BackendFeature[];
  config?: JsonObject;
  /** What the catalog holds, for everybody. */
  entities?: Entity[];
}

/** A portal with sign-in and tenancy for the command line to talk to. */
export class TestPortal {
  static async start(additions: TestPortalAdditions = {}): Promise<TestPortal> {
    const database = await TestDatabase.create({
      migrations: [
        auditMigrations,
        tenancyMigrations,
        ...(additions.migrations ?? []),
      ],
    });
    const { backend: databases, ...rest } = database.config;
    const backend = await startTestBackend({
      features: [
        authPlugin,
        authModulePersonas,
        authModuleTenancy,
        tenancyPlugin,
        authServiceFactory,
        httpAuthServiceFactory,
        databaseServiceFactory,
        catalogServiceMock.factory({ entities: additions.entities ?? [] }),
        ...(additions.features ?? []),
        mockServices.rootConfig.factory({
          data: {
            ...rest,
            ...additions.config,
            app: { baseUrl: 'http://localhost:3000' },
            backend: {
              ...(databases as JsonObject),
              baseUrl: 'http://localhost:7007',
              listen: { host: 'localhost', port: 7007 },
              auth: { keys: [{ secret: 'a-secret-of-the-test' }] },
            },
            auth: {
              environment: 'development',
              providers: { persona: {}, machine: {}, device: {} },
            },
          },
        }),
      ],
    });
    return new TestPortal(
      `http://localhost:${backend.server.port()}`,
      database,
      async () => {
        await backend.stop();
        await database.destroy();
      },
    );
  }

  readonly tenancy: ReturnType<typeof createTenancyService>;

  private constructor(
    readonly url: string,
    readonly database: TestDatabase,
    readonly stop: () => Promise<void>,
  ) {
    this.tenancy = createTenancyService({ database: database.database });
  }

  /** A fresh user token of a persona. */
  async tokenOf(userRef: string): Promise<string> {
    const response = await fetch(`${this.url}/api/auth/persona/refresh`, {
      headers: { 'x-portico-persona': userRef },
    });
    return (await response.json()).backstageIdentity.token;
  }

  /** The command line of a persona who is signed in. */
  async commandLineOf(userRef: string): Promise<CommandLine> {
    const commandLine = await CommandLine.create(this.url);
    await commandLine.keepSession({
      token: await this.tokenOf(userRef),
      userRef,
      expiresAt: Date.now() / 1000 + 3600,
    });
    return commandLine;
  }

  /** Adds a persona, as the platform's administrator. */
  async addPersona(userRef: string, roles: string[]): Promise<void> {
    const [tenant, name] = userRef.slice('user:'.length).split('/');
    await this.call(
      await this.tokenOf('user:default/pat'),
      'PUT',
      `/tenants/${tenant}/members/${name}`,
      {
        displayName: name,
        roles,
        identity: { issuer: PERSONA_ISSUER, subject: userRef },
      },
    );
  }

  /** Calls the tenancy API. */
  async call(
    token: string,
    method: string,
    path: string,
    body: unknown,
  ): Promise<void> {
    const response = await fetch(`${this.url}/api/tenancy${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${await response.text()}`);
    }
  }
}
