import { InputError } from '@backstage/errors';
import { readSecretFiles } from './start/readSecretFiles';

/**
 * The environment of a command, with secrets that were given as files.
 *
 * @throws InputError that names every file that cannot be used
 */
export function readCommandEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  const problems = readSecretFiles(environment);
  if (problems.length > 0) {
    throw new InputError(problems.join('; '));
  }
  return environment;
}
