export interface Config {
  walls?: {
    /**
     * How many requests are answered in each window; more are refused with 429 and
     * `Retry-After` until the window ends. Counted over all replicas.
     */
    limits?: {
      /** Of one person or machine; 600 in 20 seconds unless told. */
      user?: { requests: number; seconds: number };
      /** Of everybody of a tenant together; 6000 in 20 seconds unless told. */
      tenant?: { requests: number; seconds: number };
      /** Of one IP address without a sign-in; 600 in 20 seconds unless told. */
      address?: { requests: number; seconds: number };
      /**
       * How many requests of one tenant run at a time in one replica, 8 unless told; the
       * others wait for their turn, 20 seconds at most.
       */
      atOnce?: number;
      /**
       * How many lists and searches of all tenants together run at a time in one replica,
       * 2 unless told: about as many as the database has processors for this replica.
       * Waiting tenants are served in turn.
       */
      listsAtOnce?: number;
    };
  };
}
