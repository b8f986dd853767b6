import { Command, CommanderError, Option } from 'commander';
import { version } from '../package.json';
import { createAuditCommand } from './commands/audit';
import { createBindingCommand } from './commands/binding';
import { createCredentialCommand } from './commands/credential';
import { createDoctorCommand } from './commands/doctor';
import { createLoginCommand } from './commands/login';
import { createLogoutCommand } from './commands/logout';
import { createPromotionCommand } from './commands/promotion';
import { createReleaseCommand } from './commands/release';
import { createSourceCommand } from './commands/source';
import { createTenantCommand } from './commands/tenant';
import { createTokenCommand } from './commands/token';
import { createWhoamiCommand } from './commands/whoami';
import { UsageError } from './output/UsageError';
import { printable } from './output/printable';
import { describeError } from './output/describeError';

/** Exit codes of every verb. */
export const exitCodes = {
  ok: 0,
  /** The portal refused, could not be reached, or a check failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
} as const;

/**
 * Runs the command line.
 *
 * @param argv - as in `process.argv`
 * @returns the exit code
 */
export async function run(argv: readonly string[]): Promise<number> {
  const program = new Command('portico')
    .description('The command line of the developer portal Portico')
    .version(version)
    .option(
      '--url <address>',
      'address of the portal (default: the one of the last login, else http://localhost:7007)',
    )
    .addOption(
      new Option(
        '--token <token>',
        'machine token; better given in the environment, where other users do not see it',
      ).env('PORTICO_TOKEN'),
    )
    .addOption(
      new Option('--output <format>', 'how to print the answer')
        .choices(['table', 'json'])
        .default('table'),
    )
    .option('--timeout <seconds>', 'how long to wait for each answer', '15')
    .option(
      '--insecure-http',
      'allow plain http to another machine; the token travels in clear text',
      false,
    )
    .addCommand(createLoginCommand())
    .addCommand(createLogoutCommand())
    .addCommand(createWhoamiCommand())
    .addCommand(createTenantCommand())
    .addCommand(createSourceCommand())
    .addCommand(createTokenCommand())
    .addCommand(createAuditCommand())
    .addCommand(createBindingCommand())
    .addCommand(createCredentialCommand())
    .addCommand(createReleaseCommand())
    .addCommand(createPromotionCommand())
    .addCommand(createDoctorCommand());
  throwInsteadOfExit(program);

  try {
    await program.parseAsync([...argv]);
    // A verb that has to say "no" without an error sets it itself.
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    process.stderr.write(`${printable(describeError(error))}\n`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
}
