import { type SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  catalog?: {
    providers?: {
      /** The provider of all tenants' entities. */
      portico?: {
        /**
         * When every source is looked at, in case no event told of a change.
         * Every 10 minutes unless told.
         */
        schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
      };
    };
  };
}
