import { type Identity } from '@portico/plugin-tenancy-common';
import { type TestDatabase } from '@portico/database/testUtils';

/** Puts tenants and people into the tables, as an administrator would. */
export class TestDirectory {
  constructor(private readonly testDatabase: TestDatabase) {}

  /** Makes the tenant where needed, and the person in it. */
  async addPerson(
    userRef: string,
    identity: Identity,
    groups: string[] = [],
  ): Promise<void> {
    const [tenant, name] = this.parse(userRef);
    await this.testDatabase.database.asPlatform('seed a test', transaction =>
      transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values (?, ?)
         on conflict do nothing`,
        [tenant, tenant],
      ),
    );
    await this.testDatabase.database.inTenant(tenant, async transaction => {
      await transaction.raw(
        `insert into portico_tenancy.members (tenant, name, kind, display_name, roles)
         values (?, ?, 'person', ?, '{developer}')`,
        [tenant, name, name],
      );
      await transaction.raw(
        `insert into portico_tenancy.member_identities (tenant, member, issuer, subject)
         values (?, ?, ?, ?)`,
        [tenant, name, identity.issuer, identity.subject],
      );
      for (const group of groups) {
        await transaction.raw(
          `insert into portico_tenancy.groups (tenant, name, display_name, type)
           values (?, ?, ?, 'team') on conflict do nothing`,
          [tenant, group, group],
        );
        await transaction.raw(
          `insert into portico_tenancy.group_memberships (tenant, member, group_name)
           values (?, ?, ?)`,
          [tenant, name, group],
        );
      }
    });
  }

  async disable(userRef: string): Promise<void> {
    const [tenant, name] = this.parse(userRef);
    await this.testDatabase.database.inTenant(tenant, transaction =>
      transaction.raw(
        `update portico_tenancy.members set disabled_at = now(), version = version + 1
          where tenant = ? and name = ?`,
        [tenant, name],
      ),
    );
  }

  async remove(userRef: string): Promise<void> {
    const [tenant, name] = this.parse(userRef);
    await this.testDatabase.database.inTenant(tenant, transaction =>
      transaction.raw(
        `delete from portico_tenancy.members where tenant = ? and name = ?`,
        [tenant, name],
      ),
    );
  }

  private parse(userRef: string): string[] {
    return userRef.slice('user:'.length).split('/');
  }
}
