import {
  type BackstageCredentials,
  coreServices,
  createServiceFactory,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { NotImplementedError } from '@backstage/errors';
import {
  type CatalogService,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import kubernetesPlugin from '@backstage/plugin-kubernetes-backend';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type JsonObject } from '@backstage/types';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import bindingsFeature, {
  bindingsMigrations,
} from '@portico/plugin-bindings-backend';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import request from 'supertest';
import { z } from 'zod';
import kubernetesModuleTenancy from '..';

/** People of two tenants, and of one that looks like the first. */
export const kim = 'user:aurora/kim';
export const twin = 'user:aurora-two/twin';
export const lena = 'user:borealis/lena';
/** The platform's administrator. */
export const pat = 'user:default/pat';

const userSchema = z.object({ userEntityRef: z.string() });

function tenantOf(credentials: BackstageCredentials): string {
  const { userEntityRef } = userSchema.parse(credentials.principal);
  return parseEntityRef(userEntityRef).namespace;
}

/** A cluster as the portal's configuration names it. */
interface ConfiguredCluster {
  url: string;
  certificateAuthorityFile?: string;
}

/** Namespaces of clusters that tenants were granted: tenant, cluster and namespace. */
type Grants = ReadonlyArray<readonly [string, string, string]>;

const usualGrants: Grants = [
  ['aurora', 'east', 'aurora-prod'],
  ['aurora', 'west', 'aurora-*'],
  ['aurora-two', 'east', 'aurora-prod-two'],
  ['borealis', 'east', 'borealis-prod'],
];

/** The stock Kubernetes plugin behind the bindings, with a real database. */
export class KubernetesPortal {
  static async start(
    clusters: Record<string, ConfiguredCluster>,
    grants = usualGrants,
  ): Promise<KubernetesPortal> {
    const testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations, bindingsMigrations],
    });
    const portal = new KubernetesPortal(testDatabase);
    try {
      await portal.#start(clusters, grants);
    } catch (error) {
      await portal.stop();
      throw error;
    }
    return portal;
  }

  entities: Entity[] = [];
  /** Names of permissions that nobody holds; all others everybody does. */
  readonly denied = new Set<string>();
  #backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;

  private constructor(readonly testDatabase: TestDatabase) {}

  async stop(): Promise<void> {
    await this.#backend?.stop();
    await this.testDatabase.destroy();
  }

  /** Asks the Kubernetes plugin as a user. */
  async as(
    userRef: string,
    method: 'get' | 'post' | 'delete',
    path: string,
    body?: object,
  ) {
    if (!this.#backend) {
      throw new Error('The portal is not started');
    }
    return request(this.#backend.server)
      [method](`/api/kubernetes${path}`)
      .set('authorization', mockCredentials.user.header(userRef))
      .send(body);
  }

  /** Sets or replaces the credential of a tenant. */
  async setCredential(
    userRef: string,
    system: string,
    token: string,
  ): Promise<void> {
    if (!this.#backend) {
      throw new Error('The portal is not started');
    }
    const { namespace } = parseEntityRef(userRef);
    const answer = await request(this.#backend.server)
      .put(`/api/bindings/tenants/${namespace}/credentials/${system}`)
      .set('authorization', mockCredentials.user.header(userRef))
      .send({ token });
    if (answer.status !== 200) {
      throw new Error(answer.text);
    }
  }

  /** Acts of a chain, oldest first. */
  async recorded(chain: string): Promise<JsonObject[]> {
    const { rows } = await this.testDatabase.database.asPlatform(
      'look at what was recorded',
      transaction =>
        transaction.raw(
          'select draft from portico_audit.outbox where chain = ? order by position',
          [chain],
        ),
    );
    return rows.map(({ draft }: { draft: JsonObject }) => draft);
  }

  async #start(
    clusters: Record<string, ConfiguredCluster>,
    grants: Grants,
  ): Promise<void> {
    const { backend: _, ...others } = this.testDatabase.config;
    const admin = this.testDatabase.database;
    await admin.asPlatform('set up', async transaction => {
      for (const tenant of ['aurora', 'aurora-two', 'borealis']) {
        await transaction.raw(
          'insert into portico_tenancy.tenants (tenant, title) values (?, ?)',
          [tenant, tenant],
        );
      }
      for (const [tenant, system, resource] of grants) {
        await transaction.raw(
          `insert into portico_bindings.grants
             (tenant, kind, system, resource, shared, granted_by, granted_at)
           values (?, 'kubernetes-namespace', ?, ?, false, 'test', now())`,
          [tenant, system, resource],
        );
      }
    });
    const permissions: PermissionsService = {
      authorize: async requests =>
        requests.map(({ permission }) => ({
          result: this.denied.has(permission.name)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        })),
      authorizeConditional: async () => {
        throw new NotImplementedError('There is no conditional permission');
      },
    };
    this.#backend = await startTestBackend({
      features: [
        kubernetesPlugin,
        kubernetesModuleTenancy,
        bindingsFeature,
        createServiceFactory({
          service: coreServices.permissions,
          deps: {},
          factory: () => permissions,
        }),
        createServiceFactory({
          service: tenancyServiceRef,
          deps: {},
          // Only who somebody is, is asked of the tenancy here.
          factory: () =>
            ({
              principal: async (credentials: BackstageCredentials) => ({
                tenant: tenantOf(credentials),
                userRef: userSchema.parse(credentials.principal).userEntityRef,
                displayName: 'x',
                kind: 'person' as const,
                roles: ['tenant-admin' as const],
                groups: [],
                scopes: [],
                membershipVersion: 1,
              }),
            } as never),
        }),
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () => this.#catalog(),
        }),
        mockServices.rootConfig.factory({
          data: {
            ...others,
            kubernetes: {
              customResources: [
                {
                  group: 'argoproj.io',
                  apiVersion: 'v1alpha1',
                  plural: 'rollouts',
                },
              ],
              objectTypes: [
                'pods',
                'deployments',
                'secrets',
                'persistentvolumes',
              ],
            },
            bindings: {
              sealingKeys: ['a sealing key'],
              systems: Object.entries(clusters).map(
                ([name, { url, certificateAuthorityFile }]) => ({
                  name,
                  kind: 'kubernetes',
                  url,
                  ...(certificateAuthorityFile && { certificateAuthorityFile }),
                  readToken: `read-token-of-${name}`,
                }),
              ),
            },
          },
        }),
      ],
    });
  }

  /** The catalog as the walls show it: a user reads the own tenant and `default`. */
  #catalog(): CatalogService {
    return {
      ...catalogServiceMock(),
      getEntityByRef: (ref, options) =>
        catalogServiceMock({
          entities: this.entities.filter(({ metadata }) =>
            ['default', tenantOf(options.credentials)].includes(
              metadata.namespace ?? 'default',
            ),
          ),
        }).getEntityByRef(ref, options),
    };
  }
}
