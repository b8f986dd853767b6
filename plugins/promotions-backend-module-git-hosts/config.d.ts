export interface Config {
  promotions?: {
    /**
     * Git hosts that deployment repositories may lie on. Environments name them in
     * `delivery.repository.host`.
     */
    gitHosts?: Array<{
      /** Name of a system of kind `git` in `bindings.systems`. */
      system: string;
      /** What speaks there; its address is the system's. */
      api: 'gitea' | 'github' | 'gitlab';
      /** Seconds until a request counts as not answered; 10 without it. */
      timeoutSeconds?: number;
    }>;
  };
}
