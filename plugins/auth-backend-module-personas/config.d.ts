export interface Config {
  auth?: {
    providers?: {
      /**
       * Sign-in by choosing a persona; for development only.
       *
       * It counts only with `auth.environment: development` and with a loopback
       * `backend.listen` and `backend.baseUrl`; elsewhere it is ignored.
       * `null` switches it off.
       */
      persona?: {} | null;
    };
  };
}
