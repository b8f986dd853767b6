export interface Config {
  portico?: {
    /** What the portal tells of itself; nothing is listened to or sent without it. */
    telemetry?: {
      /** Metrics for Prometheus, at `/metrics` of a port of their own. */
      metrics?: {
        /**
         * Nobody signs in there: open it to Prometheus alone. Without it none are served.
         * @visibility backend
         */
        port?: number | string;
        /**
         * 127.0.0.1 unless told.
         * @visibility backend
         */
        host?: string;
      };
      /** Traces, sent by OTLP over HTTP. */
      traces?: {
        /**
         * Address of the collector, such as `http://collector:4318/v1/traces`. Without it none
         * are sent.
         * @visibility backend
         */
        url?: string;
        /**
         * Headers that the collector asks for, such as its token.
         * @deepVisibility secret
         */
        headers?: { [name: string]: string };
        /**
         * Share of the requests that are traced, 0 to 1; 0.1 unless told.
         * @visibility backend
         */
        share?: number | string;
      };
    };
  };
}
