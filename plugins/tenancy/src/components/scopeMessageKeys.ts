import { type MachineScope } from '@portico/plugin-tenancy-common';

/** The message of each scope: a colon may not be part of a message key. */
export const scopeMessageKeys = {
  'catalog:read': 'catalogRead',
  'git:read': 'gitRead',
  'git:write': 'gitWrite',
  'releases:write': 'releasesWrite',
  'scaffolder:run': 'scaffolderRun',
} as const satisfies Record<MachineScope, string>;
