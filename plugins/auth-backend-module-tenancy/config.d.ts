import { type HumanDuration } from '@backstage/types';

export interface Config {
  auth?: {
    providers?: {
      /** Exchanges machine tokens for user tokens; `{}` switches it on. */
      machine?: {};

      /** Exchanges approved device requests of the CLI for user tokens; `{}` switches it on. */
      device?: {};

      /** Sign-in of people through an OpenID provider, per `auth.environment`. */
      oidc?: {
        [environment: string]: {
          /** Address of the provider's metadata; https, or http on this machine. */
          metadataUrl: string;

          /**
           * The only accepted issuer. By default `metadataUrl` without
           * `/.well-known/openid-configuration`.
           */
          issuer?: string;

          clientId: string;

          /** @visibility secret */
          clientSecret: string;

          /** Refuse accounts without an e-mail address; default false. */
          requireEmail?: boolean;

          /** Algorithm of the ID token's signature, an asymmetric one; default RS256. */
          tokenSignedResponseAlg?: string;

          /** How Portico proves itself at the token endpoint; default client_secret_basic. */
          tokenEndpointAuthMethod?: string;

          /** Where the provider sends people back to, if not the default address. */
          callbackUrl?: string;

          /** `auto` (default) leaves it to the provider whether to ask. */
          prompt?: string;

          additionalScopes?: string | string[];

          /** How long a browser may refresh without a new sign-in. */
          sessionDuration?: HumanDuration | string;

          /** Time-out of calls to the provider; default 10 seconds. */
          timeout?: HumanDuration | string;
        };
      };
    };
  };
}
