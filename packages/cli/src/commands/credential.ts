import {
  credentialListSchema,
  credentialStateSchema,
  putCredentialSchema,
  systemNameSchema,
} from '@portico/plugin-bindings-common';
import { Command } from 'commander';
import { parseInput } from '../output/parseInput';
import { readSecret } from '../input/readSecret';
import { Connection } from '../portal/Connection';
import { noContentSchema, pathsOf } from '../portal/PortalClient';

const bindingsPath = pathsOf('bindings');

/** `portico credential …`: what a tenant uses external systems with. */
export function createCredentialCommand(): Command {
  const credential = new Command('credential').description(
    'what a tenant uses external systems with; never shown again',
  );

  credential
    .command('list')
    .description('list the systems, and where a credential is missing')
    .option('--tenant <id>', 'default: your active tenant')
    .action(async (options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      const { items } = await client.call(
        bindingsPath`/tenants/${tenant}/credentials`,
        credentialListSchema,
      );
      connection.output.list(items, [
        { title: 'SYSTEM', value: row => row.system.name },
        { title: 'KIND', value: row => row.system.kind },
        {
          title: 'CREDENTIAL',
          value: row => {
            if (!row.set) {
              return 'missing';
            }
            return row.set.readable ? 'set' : 'unreadable';
          },
        },
        { title: 'SET BY', value: row => row.set?.by },
        { title: 'SET', value: row => row.set?.at },
        { title: 'LAST USED', value: row => row.set?.lastUsedAt },
      ]);
    });

  credential
    .command('set')
    .description(
      'set or replace a credential; the secret comes from standard input or PORTICO_CREDENTIAL',
    )
    .argument('<system>', 'from portico credential list')
    .option('--username <name>', 'account, where the system asks for one')
    .option('--tenant <id>', 'default: your active tenant')
    .action(async (name: string, options, command: Command) => {
      const system = parseInput(systemNameSchema, name);
      const body = parseInput(putCredentialSchema, {
        token: await readSecret(process.stdin, process.env.PORTICO_CREDENTIAL),
        username: options.username,
      });
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      const state = await client.call(
        bindingsPath`/tenants/${tenant}/credentials/${system}`,
        credentialStateSchema,
        { method: 'PUT', body },
      );
      connection.output.item(state, {
        Tenant: state.tenant,
        System: state.system.name,
        Set: state.set?.at,
        'Set by': state.set?.by,
      });
    });

  credential
    .command('remove')
    .description('remove a credential')
    .argument('<system>', 'from portico credential list')
    .option('--tenant <id>', 'default: your active tenant')
    .action(async (system: string, options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      await client.call(
        bindingsPath`/tenants/${tenant}/credentials/${system}`,
        noContentSchema,
        { method: 'DELETE' },
      );
      connection.output.remark(
        `Removed the credential of ${tenant} for ${system}`,
      );
    });

  return credential;
}
