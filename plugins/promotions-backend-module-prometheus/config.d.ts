export interface Config {
  promotions?: {
    /** Where the gates of kind `metric` get their figures. */
    prometheus?: {
      /** Servers with the HTTP API of Prometheus. */
      servers: Array<{
        /** Name in the queries below. */
        name: string;
        /** Address without `/api/v1`; `https://`, or `http://` on loopback. */
        url: string;
        /**
         * Sent as bearer token.
         *
         * @visibility secret
         */
        token?: string;
        /** The address may be `http://` elsewhere: the network is the platform's alone. */
        plainHttp?: boolean;
        /** Seconds until it counts as not answering; 10 without it. */
        timeoutSeconds?: number;
      }>;
      /** The questions that a pipeline can ask; it cannot write its own. */
      queries: Array<{
        /** Name in the gates of pipelines. */
        name: string;
        /** Name of the server. */
        server: string;
        /**
         * PromQL with `{tenant}`, `{component}` and `{environment}` inside of quotes, which
         * are replaced and escaped. Without `{tenant}` it needs `allTenants`.
         */
        query: string;
        /** What the figure counts, for people: `%`, `ms`, `errors/s`. */
        unit?: string;
        /** The figure is no tenant's own, and every tenant may see it. */
        allTenants?: boolean;
      }>;
    };
  };
}
