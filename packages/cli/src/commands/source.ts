import {
  putSourceResultSchema,
  putSourceSchema,
  type Source,
  sourceListSchema,
  sourceNameSchema,
  sourceRefusalListSchema,
} from '@portico/plugin-tenancy-common';
import { Command } from 'commander';
import { parseInput } from '../output/parseInput';
import { UsageError } from '../output/UsageError';
import { Connection } from '../portal/Connection';
import { apiPath, noContentSchema } from '../portal/PortalClient';

/** `portico source …`: where a tenant's catalog files come from. */
export function createSourceCommand(): Command {
  const source = new Command('source').description(
    'where the catalog files of a tenant come from',
  );
  const addVerb = (name: string, description: string) =>
    source
      .command(name)
      .description(description)
      .option('--tenant <id>', 'default: your active tenant');

  addVerb('list', 'list the sources, with their last reading').action(
    async (options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      const { items } = await client.call(
        apiPath`/tenants/${tenant}/sources`,
        sourceListSchema,
      );
      connection.output.list(items, [
        { title: 'SOURCE', value: row => row.name },
        { title: 'LOCATION', value: describeLocation },
        { title: 'STATE', value: row => row.lastScan?.outcome ?? 'not read' },
        { title: 'ENTITIES', value: row => row.lastScan?.entities },
        { title: 'REFUSALS', value: row => row.lastScan?.refusals },
        { title: 'READ', value: row => row.lastScan?.at },
      ]);
    },
  );

  addVerb('add', 'register a source')
    .argument('<name>')
    .option('--repository <name>', 'a repository of the embedded Git host')
    .option('--branch <branch>', 'branch of the repository (default: main)')
    .option(
      '--path <path>',
      'file in the repository (default: catalog-info.yaml)',
    )
    .option('--location-url <url>', 'a catalog file elsewhere; platform only')
    .action(async (name: string, options, command: Command) => {
      const sourceName = parseInput(sourceNameSchema, name);
      const body = parseInput(putSourceSchema, {
        location: readLocation(options),
      });
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      const result = await client.call(
        apiPath`/tenants/${tenant}/sources/${sourceName}`,
        putSourceResultSchema,
        { method: 'PUT', body },
      );
      connection.output.item(result, {
        Source: `${result.source.tenant}/${result.source.name}`,
        Location: describeLocation(result.source),
        ...(result.webhook && {
          'Webhook address': result.webhook.url,
          'Webhook secret': result.webhook.secret,
        }),
      });
      if (result.webhook) {
        connection.output.remark(
          'The secret of the webhook is shown only now: put it where pushes come from',
        );
      }
    });

  addVerb('remove', 'remove a source; its entities leave the catalog')
    .argument('<name>')
    .action(async (name: string, options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      await client.call(
        apiPath`/tenants/${tenant}/sources/${name}`,
        noContentSchema,
        { method: 'DELETE' },
      );
      connection.output.remark(`Removed the source ${tenant}/${name}`);
    });

  addVerb('read', 'read a source again now')
    .argument('<name>')
    .action(async (name: string, options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      await client.call(
        apiPath`/tenants/${tenant}/sources/${name}/read`,
        noContentSchema,
        { method: 'POST' },
      );
      connection.output.remark(
        `Asked the portal to read ${tenant}/${name} again: see portico source list`,
      );
    });

  addVerb('refusals', 'list what was refused, with file, line and reason')
    .argument('[name]', 'default: all sources of the tenant')
    .action(async (name: string | undefined, options, command: Command) => {
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const tenant = await connection.tenant(client, options.tenant);
      const { items } = await client.call(
        name === undefined
          ? apiPath`/tenants/${tenant}/refusals`
          : apiPath`/tenants/${tenant}/sources/${name}/refusals`,
        sourceRefusalListSchema,
      );
      connection.output.list(items, [
        { title: 'SOURCE', value: row => row.source },
        {
          title: 'FILE',
          value: row =>
            row.line === undefined ? row.file : `${row.file}:${row.line}`,
        },
        { title: 'ENTITY', value: row => row.entityRef },
        { title: 'REASON', value: row => row.reason },
      ]);
    });

  return source;
}

function readLocation(options: {
  repository?: string;
  branch?: string;
  path?: string;
  locationUrl?: string;
}): unknown {
  const { repository, branch, path, locationUrl } = options;
  if ((repository === undefined) === (locationUrl === undefined)) {
    throw new UsageError('Give either --repository or --location-url');
  }
  if (locationUrl !== undefined) {
    if (branch !== undefined || path !== undefined) {
      throw new UsageError('--branch and --path go with --repository only');
    }
    return { kind: 'url', url: locationUrl };
  }
  return { kind: 'repository', repository, branch, path };
}

function describeLocation({ location }: Source): string {
  switch (location.kind) {
    case 'repository':
      return `${location.repository}@${location.branch}:${location.path}`;
    case 'url':
      return location.url;
    default:
      return location satisfies never;
  }
}
