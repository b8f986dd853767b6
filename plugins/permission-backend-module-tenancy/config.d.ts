export interface Config {
  portico?: {
    scaffolder?: {
      /**
       * Ids of scaffolder actions that templates may run besides the built-in list, such
       * as `publish:github`. They act with the portal's own access to other systems, so
       * every tenant's templates can reach whatever that access reaches. Actions that fetch
       * (`fetch:*`, `catalog:*`) are refused.
       * @visibility backend
       */
      additionalActions?: string[];
    };
  };
}
