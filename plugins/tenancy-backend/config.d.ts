export interface Config {
  /** Tenants, their people and sources. */
  tenancy?: {
    /**
     * Keys that seal the secrets of webhooks in the database (AES-256-GCM), newest
     * first: the first one seals, each of them opens. Without them the secrets of
     * `backend.auth.keys` are used.
     *
     * @deepVisibility secret
     */
    sealingKeys?: string[];
  };
}
