export interface Config {
  portico?: {
    promotions?: {
      /** What people are told through the notification service. */
      notifications?: {
        /**
         * Whether approvals that are missing, ends, break glass and drift are told; they
         * are unless this is false. What happened meanwhile is not told later.
         * @visibility backend
         */
        enabled?: boolean;
      };
      /**
       * What computing costs in a month: the diff of a promotion then tells what its
       * resources cost. Without it, it tells no cost.
       */
      prices?: {
        /**
         * Code of the currency, `EUR`.
         * @visibility backend
         */
        currency: string;
        /** @visibility backend */
        cpuCoreMonth: number;
        /** @visibility backend */
        memoryGibibyteMonth: number;
        /**
         * Where the prices come from, for people.
         * @visibility backend
         */
        source: string;
      };
    };
  };
}
