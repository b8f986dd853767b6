import { devNull } from 'node:os';

/** Configuration that counts for each git process, above that of a repository. */
const FIXED_SETTINGS: ReadonlyArray<readonly [string, string]> = [
  // The volume may belong to another user than the process.
  ['safe.directory', '*'],
  ['core.hooksPath', devNull],
  ['core.fsmonitor', 'false'],
  ['core.quotePath', 'false'],
  ['core.autocrlf', 'false'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['protocol.allow', 'never'],
  // Upkeep is ours: a detached process would outlive the request.
  ['gc.auto', '0'],
  ['receive.autogc', 'false'],
  ['receive.fsckObjects', 'true'],
  // Harmless flaws of old histories must not keep a repository out.
  ['receive.fsck.zeroPaddedFilemode', 'ignore'],
  ['receive.fsck.badTimezone', 'ignore'],
  ['receive.fsck.missingSpaceBeforeDate', 'ignore'],
  ['receive.denyDeleteCurrent', 'refuse'],
  ['receive.denyCurrentBranch', 'refuse'],
  ['uploadpack.allowFilter', 'true'],
];

/**
 * The whole environment of a git process: nothing of the portal's own environment
 * gets in, and neither the machine's nor the user's git configuration counts.
 */
export function gitEnvironment(
  settings: ReadonlyArray<readonly [string, string]> = [],
): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
  const all = [...FIXED_SETTINGS, ...settings];
  environment.GIT_CONFIG_COUNT = String(all.length);
  all.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}
