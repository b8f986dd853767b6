import { type HumanDuration } from '@backstage/types';

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
    /**
     * Realms of Keycloak that people and groups of tenants are read from, one for each
     * tenant.
     */
    keycloak?: Array<{
      /** Id of a tenant that exists. */
      tenant: string;
      /** Address of Keycloak without the realm; https, or http on this machine. */
      url: string;
      realm: string;
      /** A confidential client with a service account that may view users and groups. */
      clientId: string;
      /** @visibility secret */
      clientSecret: string;
      /** `iss` of the sign-in; default `<url>/realms/<realm>`. */
      issuer?: string;
      /** Time between two looks; default 30 seconds, at least 5. */
      every?: HumanDuration | string;
      /**
       * Part of the people, groups or memberships that may be removed by one look; default
       * 0.2. When more are missing, nobody is removed.
       */
      mostRemovals?: number;
    }>;
  };
}
