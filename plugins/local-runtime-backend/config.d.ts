export interface Config {
  /** The local runtime of a development machine; absent in production. */
  localRuntime?: {
    /**
     * Where it listens: `http://` on loopback. Without it nothing is built or run.
     *
     * @visibility frontend
     */
    url?: string;
    /**
     * What the portal shows to it. Made by `npm start` and kept under `.portico/`.
     *
     * @visibility secret
     */
    token?: string;
  };
}
