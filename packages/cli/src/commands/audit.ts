import { existsSync } from 'node:fs';
import { auditFilterSchema } from '@portico/plugin-audit-common';
import { formatVerifierKey } from '@portico/plugin-audit-common/chain';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { exportToFile, occupied } from '../audit/exportToFile';
import { printFilesReport } from '../audit/printFilesReport';
import { readKeptCheckpoints } from '../audit/readKeptCheckpoints';
import { readVerifierKeys } from '../audit/readVerifierKeys';
import { verifyFiles } from '../audit/verifyFiles';
import { WitnessFile } from '../audit/WitnessFile';
import { witnessPortal } from '../audit/witnessPortal';
import { Output } from '../output/Output';
import { parseInput } from '../output/parseInput';
import { UsageError } from '../output/UsageError';
import { Connection } from '../portal/Connection';
import { auditPath } from '../portal/PortalClient';

const outputSchema = z.object({ output: z.enum(['table', 'json']) });

/** Options of `export` that are conditions; each is sent as it is. */
const filterOptions = [
  ['chain', 'id of a tenant, or default (default: all that you may read)'],
  ['actor', 'ref of who did it'],
  ['act', 'name of the act, or its first words and .*'],
  ['subject', 'ref or name of what it was done to'],
  ['outcome', 'started, succeeded, failed or refused'],
  ['severity', 'this or more: low, medium, high or critical'],
  ['from', 'from this instant on (ISO 8601)'],
  ['to', 'before this instant'],
  ['text', 'words that occur'],
] as const;

/** `portico audit …`: evidence that holds without trusting the portal. */
export function createAuditCommand(): Command {
  return new Command('audit')
    .description('evidence of what was done in the portal')
    .addCommand(createVerifyCommand())
    .addCommand(createWitnessCommand())
    .addCommand(createExportCommand());
}

function createVerifyCommand(): Command {
  return new Command('verify')
    .description('verify exports; needs no portal, no network and no sign-in')
    .argument(
      '<bundle...>',
      'files of portico audit export; - reads one from standard input',
    )
    .requiredOption(
      '--key <key...>',
      'a verifier key that you trust, or a file with one per line',
    )
    .option(
      '--checkpoints <location...>',
      'checkpoints kept elsewhere: a directory, a file, or the file of portico audit witness',
    )
    .action(async (files: string[], options, command: Command) => {
      const { output } = outputSchema.parse(command.optsWithGlobals());
      const report = await verifyFiles(files, {
        keys: await readVerifierKeys(options.key),
        keptCheckpoints: await readKeptCheckpoints(options.checkpoints ?? []),
      });
      printFilesReport(new Output(output), report);
      if (!report.ok) {
        process.exitCode = 1;
      }
    });
}

function createWitnessCommand(): Command {
  return new Command('witness')
    .description(
      'fetch the newest checkpoints, check them against those of the last visit, and keep them',
    )
    .requiredOption('--keep <file>', 'what is kept between two visits')
    .option(
      '--key <key...>',
      'a verifier key that you trust, or a file with one per line; needed the first time',
    )
    .option('--portal <address>', 'same as --url')
    .action(async (options, command: Command) => {
      if (options.portal !== undefined) {
        command.setOptionValue('url', options.portal);
      }
      const file = new WitnessFile(options.keep);
      const kept = await file.read();
      const keys = await readVerifierKeys([
        ...(kept?.keys ?? []),
        ...(options.key ?? []),
      ]);
      if (keys.length === 0) {
        throw new UsageError(
          'The first visit needs --key: ask for the verifier key in another way than the portal itself',
        );
      }
      const connection = await Connection.create(command);
      const client = await connection.signedIn();
      const {
        chains,
        checkpoints,
        keys: trusted,
      } = await witnessPortal(client, kept?.checkpoints ?? {}, keys);
      await file.write({
        type: 'portico-audit-witness',
        version: 1,
        keys: [...new Set(trusted.map(formatVerifierKey))],
        checkpoints,
      });
      const ok = chains.every(({ outcome }) => outcome !== 'refused');
      const { output } = connection;
      if (output.format === 'json') {
        output.text({ ok, chains }, '');
      } else {
        output.list(chains, [
          { title: 'CHAIN', value: row => row.chain },
          { title: 'RESULT', value: row => row.outcome },
          { title: 'KEPT', value: row => row.before },
          { title: 'NEWEST', value: row => row.size },
          { title: 'SIGNED AT', value: row => row.time },
        ]);
        chains.forEach(({ chain, reason }) => {
          if (reason) {
            output.remark(`${chain}: ${reason}`);
          }
        });
      }
      if (!ok) {
        process.exitCode = 1;
      }
    });
}

function createExportCommand(): Command {
  const command = new Command('export')
    .description(
      'write the audit to a file; without a filter it can be verified as a whole',
    )
    .requiredOption('--file <file>', 'where to write; no file is replaced')
    .addOption(
      new Option('--format <format>', 'only jsonl can be verified')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .option('--force', 'replace the file', false);
  filterOptions.forEach(([name, description]) =>
    command.option(`--${name} <${name}>`, description),
  );
  return command.action(async (options, self: Command) => {
    const { file, format, force } = options;
    const filter = parseInput(
      auditFilterSchema,
      Object.fromEntries(
        filterOptions.flatMap(([name]) =>
          options[name] === undefined ? [] : [[name, options[name]]],
        ),
      ),
    );
    if (!force && existsSync(file)) {
      throw new UsageError(occupied(file));
    }
    const connection = await Connection.create(self);
    const client = await connection.signedIn();
    const query = new URLSearchParams({ format, ...filter });
    const bytes = await exportToFile(
      client.stream(`${auditPath`/export`}?${query}`),
      { file, format, force },
    );
    connection.output.item(
      { file, format, bytes },
      { File: file, Format: format, Bytes: bytes },
    );
    if (format === 'jsonl') {
      connection.output.remark(
        `Verify it with: portico audit verify ${file} --key <verifier key>`,
      );
    }
  });
}
