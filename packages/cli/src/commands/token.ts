import {
  createdMachineTokenSchema,
  createMachineTokenSchema,
  machineScopes,
  machineTokenListSchema,
} from '@portico/plugin-tenancy-common';
import { Command } from 'commander';
import { parseInput } from '../output/parseInput';
import { Connection } from '../portal/Connection';
import { apiPath, noContentSchema } from '../portal/PortalClient';

/** `portico token …`: what machines of a tenant sign in with. */
export function createTokenCommand(): Command {
  const token = new Command('token').description(
    'what the machines of a tenant sign in with',
  );

  token
    .command('list')
    .description('list the machine tokens, without their secrets')
    .option('--tenant <id>', 'default: your active tenant')
    .action(async (options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      const { items } = await client.call(
        apiPath`/tenants/${tenant}/tokens`,
        machineTokenListSchema,
      );
      connection.output.list(items, [
        { title: 'ID', value: row => row.id },
        { title: 'MACHINE', value: row => row.name },
        { title: 'SCOPES', value: row => row.scopes.join(',') },
        { title: 'CREATED BY', value: row => row.createdBy },
        { title: 'EXPIRES', value: row => row.expiresAt },
        { title: 'LAST USED', value: row => row.lastUsedAt },
        { title: 'REVOKED', value: row => row.revokedAt },
      ]);
    });

  token
    .command('create')
    .description('create a machine token; it is printed once')
    .argument('<machine>', 'name of the machine, such as ci')
    .requiredOption('--scope <scope...>', `any of ${machineScopes.join(', ')}`)
    .option('--expires-in-days <days>', '1 to 365', '90')
    .option('--tenant <id>', 'default: your active tenant')
    .action(async (name: string, options, command: Command) => {
      const body = parseInput(createMachineTokenSchema, {
        name,
        scopes: options.scope,
        expiresInDays: Number(options.expiresInDays),
      });
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      const created = await client.call(
        apiPath`/tenants/${tenant}/tokens`,
        createdMachineTokenSchema,
        { method: 'POST', body },
      );
      connection.output.text(created, created.token);
      connection.output.remark(
        `The token of user:${tenant}/bot-${name} is shown only now; it expires on ${created.machineToken.expiresAt}`,
      );
    });

  token
    .command('revoke')
    .description('revoke a machine token; its sessions end at once')
    .argument('<id>', 'from portico token list')
    .option('--tenant <id>', 'default: your active tenant')
    .action(async (id: string, options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      await client.call(
        apiPath`/tenants/${tenant}/tokens/${id}`,
        noContentSchema,
        { method: 'DELETE' },
      );
      connection.output.remark(`Revoked the token ${id}`);
    });

  return token;
}
