import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { type OperationCheckResult } from '@portico/plugin-operation-common';

/** What a check found; see {@link OperationCheckResult}. */
export type OperationFinding = Omit<OperationCheckResult, 'name'>;

/** Looks whether one part of the running installation does its work. */
export interface OperationCheck {
  /** Unique, in a few lower-case words. */
  name: string;
  /**
   * Reads only, and changes nothing. It has ten seconds; the signal ends it. What it throws
   * is reported as failed, with the error's message.
   */
  look(signal: AbortSignal): Promise<OperationFinding>;
}

/** Checks of all plugins, for `portico doctor`. */
export interface OperationChecks {
  /** To be called while the plugin is made. */
  add(check: OperationCheck): void;
  list(): readonly OperationCheck[];
}

/** Where plugins add checks of what they are responsible for. */
export const operationChecksServiceRef = createServiceRef<OperationChecks>({
  id: 'portico.operation.checks',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {},
      factory: () => createOperationChecks(),
    }),
});

function createOperationChecks(): OperationChecks {
  const checks = new Map<string, OperationCheck>();
  return {
    add(check) {
      if (checks.has(check.name)) {
        throw new Error(
          `Two plugins add the check "${check.name}": rename one of them`,
        );
      }
      checks.set(check.name, check);
    },
    list: () => [...checks.values()],
  };
}
