import { type Entity } from '@backstage/catalog-model';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { type Source } from '@portico/plugin-tenancy-common';
import { type SourceScan } from '@portico/plugin-tenancy-node';
import { tenancyMigrations } from '../migrations';
import { SourceStore } from '../service/SourceStore';
import { TenantStore } from '../service/TenantStore';

const by = pluginAuditContext('test');

/** Sources on a database of their own, and quick ways to fill them. */
export class SourceBench {
  static async create(): Promise<SourceBench> {
    return new SourceBench(
      await TestDatabase.create({
        migrations: [auditMigrations, tenancyMigrations],
      }),
    );
  }

  readonly now = new Date('2026-11-21T12:00:00Z');
  readonly sources: SourceStore;
  readonly #tenants: TenantStore;
  #made = 0;

  private constructor(readonly testDatabase: TestDatabase) {
    this.sources = new SourceStore({
      database: testDatabase.database,
      now: () => this.now,
    });
    this.#tenants = new TenantStore(testDatabase);
  }

  async destroy(): Promise<void> {
    await this.testDatabase.destroy();
  }

  /** A new tenant with empty sources of the given names. */
  async createTenant(...names: string[]): Promise<string> {
    this.#made += 1;
    const tenant = `tenant-${this.#made}`;
    await this.#tenants.create({ id: tenant, title: tenant }, by);
    for (const name of names) {
      await this.register(tenant, name);
    }
    return tenant;
  }

  register(
    tenant: string,
    name: string,
    location: Source['location'] = repository(name),
  ) {
    return this.sources.register({
      by,
      tenant,
      name,
      location,
      registeredBy: `user:${tenant}/kim`,
    });
  }

  scan(
    tenant: string,
    source: string,
    entities: SourceScan['entities'],
    refusals: SourceScan['refusals'] = [],
  ) {
    return this.sources.recordScan({
      tenant,
      source,
      revision: 'c0ffee',
      entities,
      refusals,
    });
  }

  /** Ref and source of everything that a tenant emits. */
  async emitted(tenant: string): Promise<string[]> {
    return (await this.sources.lastGood())
      .filter(item => item.tenant === tenant)
      .map(
        ({ entity: { kind, metadata }, source }) =>
          `${kind.toLowerCase()}:${metadata.namespace}/${
            metadata.name
          } ${source}`,
      );
  }
}

export function repository(
  name: string,
  path = 'catalog-info.yaml',
): Source['location'] {
  return { kind: 'repository', repository: name, branch: 'main', path };
}

export function url(address: string): Source['location'] {
  return { kind: 'url', url: address };
}

export function entity(tenant: string, name: string, title = name): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { namespace: tenant, name, title },
    spec: { type: 'service', lifecycle: 'production', owner: 'group:x' },
  };
}

export function document(
  tenant: string,
  name: string,
  options: { title?: string; line?: number } = {},
): SourceScan['entities'][number] {
  return {
    entity: entity(tenant, name, options.title),
    file: 'catalog-info.yaml',
    line: options.line ?? 1,
  };
}
