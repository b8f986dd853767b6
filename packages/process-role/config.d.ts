export interface Config {
  portico?: {
    process?: {
      /**
       * What this process does: `all` unless told; `web` answers requests and leaves the work in
       * the background to others; `worker` does that work, and no user is led to it.
       * @visibility backend
       */
      role?: 'all' | 'web' | 'worker';
    };
  };
}
