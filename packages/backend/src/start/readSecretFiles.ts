import { readFileSync } from 'node:fs';
import { isError } from '@backstage/errors';

/** Only these: other variables that end alike name files themselves. */
const secretFile =
  /^((?:PORTICO|AUTH)_[A-Z0-9_]*(?:PASSWORD|SECRET|KEY|TOKEN|URL))_FILE$/;

/**
 * Reads secrets that were given as files, as orchestrators mount them: with `X_FILE` the
 * variable `X` gets the file's content, without white space at its ends.
 *
 * @returns what is wrong; one sentence each, without any content
 */
export function readSecretFiles(environment: NodeJS.ProcessEnv): string[] {
  const problems: string[] = [];
  for (const [name, file] of Object.entries(environment)) {
    const [, variable] = secretFile.exec(name) ?? [];
    if (!variable || !file) {
      continue;
    }
    if (environment[variable]) {
      problems.push(`Both ${variable} and ${name} are set: take one out`);
      continue;
    }
    try {
      const content = readFileSync(file, 'utf8').trim();
      if (content === '') {
        problems.push(`${name}: the file ${file} is empty`);
      }
      environment[variable] = content;
    } catch (error) {
      const code = isError(error) ? error.code : error;
      problems.push(`${name}: the file ${file} cannot be read (${code})`);
    }
  }
  return problems;
}
