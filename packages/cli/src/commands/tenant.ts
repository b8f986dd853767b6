import {
  createTenantSchema,
  memberListSchema,
  sourceListSchema,
  type Tenant,
  tenantListSchema,
  tenantSchema,
} from '@portico/plugin-tenancy-common';
import { Command } from 'commander';
import { parseInput } from '../output/parseInput';
import { Connection, whoami } from '../portal/Connection';
import { apiPath, type PortalClient } from '../portal/PortalClient';
import { PortalError } from '../portal/PortalError';

/** `portico tenant …`: the organisations that share the portal. */
export function createTenantCommand(): Command {
  const tenant = new Command('tenant').description(
    'the organisations that share the portal',
  );

  tenant
    .command('list')
    .description('list the tenants')
    .action(async (_options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const { items } = await client.call(apiPath`/tenants`, tenantListSchema);
      connection.output.list(items, [
        { title: 'TENANT', value: row => row.id },
        { title: 'TITLE', value: row => row.title },
        { title: 'CREATED', value: row => row.createdAt },
      ]);
    });

  tenant
    .command('create')
    .description('create a tenant')
    .argument('<id>', 'lower-case letters, digits and inner hyphens')
    .requiredOption('--title <title>', 'name for people')
    .action(async (id: string, options, command: Command) => {
      const body = parseInput(createTenantSchema, { id, title: options.title });
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const created = await client.call(apiPath`/tenants`, tenantSchema, {
        method: 'POST',
        body,
      });
      connection.output.item(created, {
        Tenant: created.id,
        Title: created.title,
        Created: created.createdAt,
      });
    });

  tenant
    .command('show')
    .description('show a tenant with what it has')
    .argument('[id]', 'default: your active tenant')
    .action(async (name: string | undefined, _options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const id = await connection.tenant(client, name);
      const found = await findTenant(client, id);
      const [sources, members] = await Promise.all([
        client.call(apiPath`/tenants/${id}/sources`, sourceListSchema),
        client.call(apiPath`/tenants/${id}/members`, memberListSchema),
      ]);
      const summary = {
        ...found,
        sources: sources.items.length,
        refusals: sources.items.reduce(
          (sum, source) => sum + (source.lastScan?.refusals ?? 0),
          0,
        ),
        members: members.items.length,
      };
      connection.output.item(summary, {
        Tenant: summary.id,
        Title: summary.title,
        Created: summary.createdAt,
        Sources: summary.sources,
        Refusals: summary.refusals,
        Members: summary.members,
      });
    });

  tenant
    .command('members')
    .description('list the people and machines of a tenant')
    .argument('[id]', 'default: your active tenant')
    .action(async (id: string | undefined, _options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const name = await connection.tenant(client, id);
      const { items } = await client.call(
        apiPath`/tenants/${name}/members`,
        memberListSchema,
      );
      connection.output.list(items, [
        { title: 'USER', value: row => `user:${row.tenant}/${row.name}` },
        { title: 'NAME', value: row => row.displayName },
        { title: 'KIND', value: row => row.kind },
        { title: 'ROLES', value: row => row.roles.join(',') || undefined },
        { title: 'GROUPS', value: row => row.groups.join(',') || undefined },
        { title: 'DISABLED', value: row => row.disabledAt },
      ]);
    });

  return tenant;
}

/** The own tenant is known to everyone in it; the list is the platform's. */
async function findTenant(client: PortalClient, id: string): Promise<Tenant> {
  const own = (await whoami(client)).tenant;
  if (own.id === id) {
    return own;
  }
  const { items } = await client.call(apiPath`/tenants`, tenantListSchema);
  const found = items.find(item => item.id === id);
  if (!found) {
    throw new PortalError(`There is no tenant ${id}`);
  }
  return found;
}
