import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const ROLE_KEY = 'portico.process.role';
const PROCESSING_KEY = 'catalog.processingInterval';
const TASKS_KEY = 'scaffolder.concurrentTasksLimit';

/** What a process of the backend does. */
export const processRoles = ['all', 'web', 'worker'] as const;
export type ProcessRole = (typeof processRoles)[number];

/**
 * Reads what this process does.
 *
 * @throws InputError when there is no such role
 */
export function readProcessRole(config: Config): ProcessRole {
  const told = config.getOptionalString(ROLE_KEY) ?? 'all';
  const role = processRoles.find(one => one === told);
  if (!role) {
    throw new InputError(
      `${ROLE_KEY} is '${told}': write ${processRoles.join(
        ', ',
      )}, or leave it out`,
    );
  }
  return role;
}

/** Whether queues, relays and scans run in this process. */
export function worksInBackground(config: Config): boolean {
  const role = readProcessRole(config);
  switch (role) {
    case 'all':
    case 'worker':
      return true;
    case 'web':
      return false;
    default: {
      const impossible: never = role;
      throw new Error(`Unknown role ${String(impossible)}`);
    }
  }
}

/**
 * Checks that stock plugins, which have switches of their own, were told the same.
 *
 * @throws InputError that names the key and what to write there
 */
export function requireOneRole(config: Config): void {
  const works = worksInBackground(config);
  const switches = [
    {
      key: PROCESSING_KEY,
      off: config.getOptional(PROCESSING_KEY) === false,
      value: 'false',
      undone: 'process the catalog',
    },
    {
      key: TASKS_KEY,
      off: config.getOptional(TASKS_KEY) === 0,
      value: '0',
      undone: 'run templates',
    },
  ];
  for (const { key, off, value, undone } of switches) {
    if (works && off) {
      throw new InputError(
        `${key} is ${value} in a process that works in the background, so nobody would ${undone}: take it out, or set ${ROLE_KEY} to web`,
      );
    }
    if (!works && !off) {
      throw new InputError(
        `${ROLE_KEY} is web, so ${key} has to be ${value}: app-config.web.yaml says both`,
      );
    }
  }
}
