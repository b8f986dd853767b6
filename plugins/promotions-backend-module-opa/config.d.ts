export interface Config {
  promotions?: {
    /** Where the gates of kind `policy` are decided. Pipelines name what is listed here. */
    opa?: {
      /** Servers of the Open Policy Agent. */
      servers?: Array<{
        /** Name in the gates of pipelines. */
        name: string;
        /** Address without `/v1/data`; `https://`, or `http://` on loopback. */
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
      /** Policies that are decided in the portal itself, without a server. */
      bundles?: Array<{
        /** Name in the gates of pipelines. */
        name: string;
        /** What `opa build -t wasm -e <entrypoint>` made: a `.tar.gz` or its `policy.wasm`. */
        file: string;
        /** Seconds that a decision may take, at most 15; 5 without it. */
        timeoutSeconds?: number;
      }>;
    };
  };
}
