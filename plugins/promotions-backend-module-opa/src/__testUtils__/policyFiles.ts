import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const directory = join(__dirname, 'policy');

/** The policy of the tests, and what was compiled of it. */
export const policyFiles = {
  rego: join(directory, 'policy.rego'),
  data: join(directory, 'data.json'),
  bundle: join(directory, 'bundle.tar.gz'),
  /** One rule does not end, the other does. */
  slow: join(directory, 'slow.tar.gz'),
};

/** Its rules. */
export const entrypoints = [
  'decision',
  'yes',
  'undecided',
  'odd',
  'failing',
].map(rule => `portico/promotion/${rule}`);

/** The real program, where there is one. */
export function findOpa(): string | undefined {
  return [
    process.env.PORTICO_TEST_OPA,
    join(homedir(), '.cache', 'portico-testbed', 'bin', 'opa'),
  ].find(path => path !== undefined && existsSync(path));
}
