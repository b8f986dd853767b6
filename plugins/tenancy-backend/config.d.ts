export interface Config {
  /** Tenants, their people and sources. */
  tenancy?: {
    /**
     * File in which the maker of the demo says how far it is, for the sign-in page of a
     * portal in development.
     */
    demoProgressFile?: string;
    /**
     * Keys that seal the secrets of webhooks in the database (AES-256-GCM), newest
     * first: the first one seals, each of them opens. Without them the secrets of
     * `backend.auth.keys` are used.
     *
     * @deepVisibility secret
     */
    sealingKeys?: string[];
    /**
     * Platform administrators that are made at a start when they are no members yet, so
     * that a new portal has somebody who can sign in.
     */
    administrators?: Array<{
      /** Name in `user:default/<name>`. */
      name: string;
      displayName: string;
      /** The identity provider's `iss`. */
      issuer: string;
      /** The person's `sub` there; never an e-mail address. */
      subject: string;
    }>;
  };
}
