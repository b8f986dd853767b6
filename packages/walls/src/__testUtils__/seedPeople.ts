import { PERSONA_ISSUER, type Role } from '@portico/plugin-tenancy-common';
import { Client } from 'pg';

export interface SeededPerson {
  tenant: string;
  name: string;
  roles: Role[];
}

/** Two organisations and the platform, with one person for each kind of role. */
export const people = [
  { tenant: 'aurora', name: 'kim', roles: ['developer'] },
  { tenant: 'aurora', name: 'vera', roles: ['viewer'] },
  { tenant: 'aurora', name: 'tessa', roles: ['tenant-admin'] },
  { tenant: 'borealis', name: 'bob', roles: ['developer'] },
  { tenant: 'default', name: 'pat', roles: ['platform-admin'] },
  { tenant: 'default', name: 'ana', roles: ['auditor'] },
] satisfies SeededPerson[];

/** Writes tenants and personas as a superuser, beside all services. */
export async function seedPeople(
  connectionString: string,
  persons: readonly SeededPerson[] = people,
) {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const { tenant, name, roles } of persons) {
      await client.query(
        `insert into portico_tenancy.tenants (tenant, title) values ($1, $1)
         on conflict do nothing`,
        [tenant],
      );
      await client.query(
        `insert into portico_tenancy.members (tenant, name, kind, display_name, roles)
         values ($1, $2, 'person', $2, $3)`,
        [tenant, name, roles],
      );
      await client.query(
        `insert into portico_tenancy.member_identities (tenant, member, issuer, subject)
         values ($1, $2, $3, $4)`,
        [tenant, name, PERSONA_ISSUER, `user:${tenant}/${name}`],
      );
    }
  } finally {
    await client.end();
  }
}
