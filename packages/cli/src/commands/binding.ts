import {
  bindingKinds,
  createGrantSchema,
  type Grant,
  grantListSchema,
  grantSchema,
} from '@portico/plugin-bindings-common';
import { Argument, Command } from 'commander';
import { parseInput } from '../output/parseInput';
import { Connection } from '../portal/Connection';
import {
  noContentSchema,
  pathsOf,
  type PortalClient,
} from '../portal/PortalClient';

const bindingsPath = pathsOf('bindings');

/** `portico binding …`: what tenants may use of external systems. */
export function createBindingCommand(): Command {
  const binding = new Command('binding').description(
    'what tenants may use of external systems',
  );

  binding
    .command('list')
    .description('list what a tenant was granted')
    .option('--tenant <id>', 'default: your active tenant')
    .option('--all', 'of all tenants; platform only', false)
    .action(async (options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const path = options.all
        ? bindingsPath`/grants`
        : bindingsPath`/tenants/${await connection.tenant(
            client,
            options.tenant,
          )}/grants`;
      connection.output.list(await readAll(client, path), [
        { title: 'TENANT', value: row => row.tenant },
        { title: 'KIND', value: row => row.kind },
        { title: 'SYSTEM', value: row => row.system },
        { title: 'RESOURCE', value: row => row.resource },
        { title: 'SHARED', value: row => (row.shared ? 'yes' : 'no') },
        { title: 'GRANTED BY', value: row => row.grantedBy },
        { title: 'ID', value: row => row.id },
      ]);
    });

  binding
    .command('grant')
    .description('grant a thing of an external system; platform only')
    .addArgument(new Argument('<kind>').choices(bindingKinds))
    .argument('<system>', 'name of the system in the portal’s configuration')
    .argument(
      '<resource>',
      'its name; "aurora-*" for namespaces and Sonar keys',
    )
    .requiredOption('--tenant <id>', 'who may use it')
    .option('--shared', 'other tenants may be granted the same', false)
    .action(
      async (
        kind: string,
        system: string,
        resource: string,
        options,
        command: Command,
      ) => {
        const body = parseInput(createGrantSchema, {
          kind,
          system,
          resource,
          shared: options.shared,
        });
        const connection = await Connection.create(command);
        const client = await connection.signedIn();
        const granted = await client.call(
          bindingsPath`/tenants/${options.tenant}/grants`,
          grantSchema,
          { method: 'POST', body },
        );
        connection.output.item(granted, {
          Tenant: granted.tenant,
          Kind: granted.kind,
          System: granted.system,
          Resource: granted.resource,
          Shared: granted.shared ? 'yes' : 'no',
          Id: granted.id,
        });
      },
    );

  binding
    .command('revoke')
    .description(
      'take a grant back; with the last one on a system its credential goes too',
    )
    .argument('<id>', 'from portico binding list')
    .requiredOption('--tenant <id>', 'whose grant it is')
    .action(async (id: string, options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      await client.call(
        bindingsPath`/tenants/${options.tenant}/grants/${id}`,
        noContentSchema,
        { method: 'DELETE' },
      );
      connection.output.remark(`Revoked the grant ${id} of ${options.tenant}`);
    });

  return binding;
}

async function readAll(client: PortalClient, path: string): Promise<Grant[]> {
  const grants: Grant[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '200' });
    if (cursor !== undefined) {
      query.set('cursor', cursor);
    }
    const page = await client.call(`${path}?${query}`, grantListSchema);
    grants.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return grants;
}
