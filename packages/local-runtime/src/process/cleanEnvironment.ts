import { delimiter, dirname } from 'node:path';

/**
 * The whole environment of a process that runs code of a repository: nothing of our own
 * gets in but the search path.
 */
export function cleanEnvironment(options: {
  home: string;
  temporary: string;
  /** Folders to search before all others. */
  path?: string[];
  variables?: Record<string, string>;
}): Record<string, string> {
  // Tools of the portal itself are no tools of a repository.
  const inherited = (process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin')
    .split(delimiter)
    .filter(folder => folder !== '' && !folder.includes('node_modules/.bin'));
  return {
    PATH: [
      ...(options.path ?? []),
      dirname(process.execPath),
      ...inherited,
    ].join(delimiter),
    HOME: options.home,
    TMPDIR: options.temporary,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...options.variables,
  };
}
