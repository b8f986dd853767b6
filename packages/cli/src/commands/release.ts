import {
  announceReleaseSchema,
  reasonSchema,
  type Release,
  releaseListSchema,
  releaseSchema,
} from '@portico/plugin-promotions-common';
import { Command } from 'commander';
import { componentRefOf } from '../delivery/componentRefOf';
import { offerJson } from '../delivery/offerJson';
import { parseImage } from '../delivery/parseImage';
import { promotionsPath } from '../delivery/promotionsPath';
import { versionOf } from '../delivery/versionOf';
import { type Output } from '../output/Output';
import { parseInput } from '../output/parseInput';
import { UsageError } from '../output/UsageError';
import { Connection } from '../portal/Connection';

/** `portico release …`: what components ship. */
export function createReleaseCommand(): Command {
  return new Command('release')
    .description('what components ship')
    .addCommand(createCreateCommand())
    .addCommand(createListCommand())
    .addCommand(createRejectCommand());
}

function createCreateCommand(): Command {
  return offerJson(
    new Command('create')
      .description(
        'announce a release; the same content again answers with the release that is there',
      )
      .requiredOption('--component <component>', 'name or ref of a component')
      .requiredOption('--release-version <version>', 'what people call it')
      .option(
        '--image <image...>',
        'by digest, as in registry.example/shop/checkout:1.4.2@sha256:…',
      )
      .option('--chart <chart...>', 'name and version, as in checkout@0.3.1')
      .option(
        '--source-repository <address>',
        'repository that it is built from',
      )
      .option('--source-commit <commit>', 'whole id of the commit')
      .option('--source-branch <branch>')
      .option('--origin <address>', 'where it was built, for people'),
  ).action(async (options, command: Command) => {
    const {
      sourceRepository: repository,
      sourceCommit: commit,
      sourceBranch: branch,
    } = options;
    if ((repository === undefined) !== (commit === undefined)) {
      throw new UsageError(
        '--source-repository and --source-commit go together',
      );
    }
    const images = (options.image ?? []).map(parseImage);
    const charts = (options.chart ?? []).map(parseChart);
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    const body = parseInput(announceReleaseSchema, {
      content: {
        component: await componentRefOf(client, options.component),
        version: options.releaseVersion,
        images,
        charts,
        ...(repository && {
          source: { repository, commit, ...(branch && { branch }) },
        }),
      },
      ...(options.origin && { origin: options.origin }),
    });
    const release = await client.call(
      promotionsPath`/releases`,
      releaseSchema,
      {
        method: 'POST',
        body,
      },
    );
    printRelease(connection.output, release);
  });
}

function createListCommand(): Command {
  return offerJson(
    new Command('list')
      .description('list the releases of a component, newest first')
      .requiredOption('--component <component>', 'name or ref of a component')
      .option('--limit <count>', '1 to 100', '20'),
  ).action(async (options, command: Command) => {
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    const query = new URLSearchParams({
      component: await componentRefOf(client, options.component),
      limit: options.limit,
    });
    const { items } = await client.call(
      `${promotionsPath`/releases`}?${query}`,
      releaseListSchema,
    );
    connection.output.list(items, [
      { title: 'VERSION', value: versionOf },
      { title: 'ID', value: row => row.id },
      { title: 'COMMIT', value: row => row.content.source?.commit.slice(0, 8) },
      { title: 'ANNOUNCED BY', value: row => row.announcedBy },
      { title: 'ANNOUNCED AT', value: row => row.announcedAt },
      { title: 'REJECTED', value: row => row.rejected?.reason },
    ]);
  });
}

function createRejectCommand(): Command {
  return offerJson(
    new Command('reject')
      .description('reject a release for good: it is never promoted again')
      .argument('<id>', 'from portico release list')
      .requiredOption('--reason <text>', 'why'),
  ).action(async (id: string, options, command: Command) => {
    const body = parseInput(reasonSchema, { reason: options.reason });
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    const release = await client.call(
      promotionsPath`/releases/${id}/reject`,
      releaseSchema,
      { method: 'POST', body },
    );
    printRelease(connection.output, release);
  });
}

function parseChart(text: string) {
  const [, name, version] = /^([^@\s]+)@([^@\s]+)$/.exec(text) ?? [];
  if (name === undefined || version === undefined) {
    throw new UsageError(
      `--chart is "${text}", expected name and version as in checkout@0.3.1`,
    );
  }
  return { name, version };
}

function printRelease(output: Output, release: Release): void {
  const { content, rejected } = release;
  output.item(release, {
    Id: release.id,
    Component: content.component,
    Version: content.version,
    Images: content.images
      .map(({ name, digest }) => `${name}@${digest}`)
      .join(', '),
    Commit: content.source?.commit,
    'Announced by': release.announcedBy,
    'Announced at': release.announcedAt,
    ...(rejected && { Rejected: `${rejected.reason}, by ${rejected.by}` }),
  });
}
