export interface Config {
  /** Trying APIs out from their pages. */
  apiTryOut?: {
    /**
     * Private networks of the organisation in which granted servers may lie, such as
     * `10.20.0.0/16`. Without them only public addresses are asked. Loopback, link-local
     * and metadata addresses are refused whatever stands here.
     */
    privateNetworks?: string[];
  };
}
