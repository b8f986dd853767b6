import { ConfigReader } from '@backstage/config';
import {
  readTelemetryConfig,
  startTelemetry,
  type Telemetry,
} from '@portico/telemetry';
import { version } from '../../package.json';
import { checkConfiguration } from './checkConfiguration';
import { readConfiguration } from './readConfiguration';
import { readSecretFiles } from './readSecretFiles';

/** As `sysexits.h` has it for a configuration that is wrong. */
export const CONFIGURATION_EXIT_CODE = 78;

/** The configuration has problems, all of which the message lists. */
export class ConfigurationError extends Error {
  constructor(problems: readonly string[]) {
    super(
      [
        `The portal does not start: its configuration has ${problems.length} ${
          problems.length === 1 ? 'problem' : 'problems'
        }.`,
        ...problems.map(problem => `  - ${problem}`),
        'See docs/operations.md for every key and variable.',
      ].join('\n'),
    );
    this.name = 'ConfigurationError';
  }
}

/**
 * What comes before anything of the backend: secrets from files, a look at the whole
 * configuration, and the telemetry, which has to be there before anybody counts.
 *
 * @throws ConfigurationError that lists all problems
 */
export async function prepareStart(
  argv: string[],
  environment: NodeJS.ProcessEnv,
): Promise<Telemetry> {
  const unread = readSecretFiles(environment);
  const configuration = await readConfiguration({ argv, environment });
  const problems = [
    ...unread,
    ...checkConfiguration(configuration, environment),
  ];
  if (problems.length > 0) {
    throw new ConfigurationError(problems);
  }
  return startTelemetry(
    readTelemetryConfig(new ConfigReader(configuration.data)),
    { version },
  );
}
