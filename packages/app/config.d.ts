export interface Config {
  auth?: {
    providers?: {
      /**
       * Development personas: the sign-in page offers them where this is present.
       * The backend refuses them unless the portal listens on loopback only.
       *
       * @visibility frontend
       */
      persona?: object;
      /**
       * Sign-in with an OpenID Connect provider: the sign-in page has a button for it
       * where this is present. Its content stays in the backend.
       *
       * @visibility frontend
       */
      oidc?: object;
    };
  };
}
