export interface Config {
  /** The local runtime of a development machine; absent in production. */
  localRuntime?: {
    /**
     * Where it listens, on loopback only. Pages about it are shown where this is set.
     *
     * @visibility frontend
     */
    url?: string;
  };
}
