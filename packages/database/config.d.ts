export interface Config {
  portico?: {
    database: {
      /** How Portico's own plugins reach PostgreSQL: the login `portico_app`. */
      connection: {
        /** @visibility backend */
        host: string;
        /**
         * 5432 unless told.
         * @visibility backend
         */
        port?: number | string;
        /** @visibility backend */
        database: string;
        /** @visibility backend */
        user: string;
        /** @visibility secret */
        password: string;
        /** TLS; `rejectUnauthorized: true` in production. */
        ssl?:
          | boolean
          | {
              /** @visibility backend */
              require?: boolean;
              /** @visibility backend */
              rejectUnauthorized?: boolean;
              /**
               * The authority's certificate in PEM form.
               * @visibility backend
               */
              ca?: string;
            };
      };
    };
    jobs: {
      /** How the workers reach the job queue in the same database: the login `portico_jobs`. */
      connection: {
        /** @visibility backend */
        host: string;
        /**
         * 5432 unless told.
         * @visibility backend
         */
        port?: number | string;
        /** @visibility backend */
        database: string;
        /** @visibility backend */
        user: string;
        /** @visibility secret */
        password: string;
        /** TLS; `rejectUnauthorized: true` in production. */
        ssl?:
          | boolean
          | {
              /** @visibility backend */
              require?: boolean;
              /** @visibility backend */
              rejectUnauthorized?: boolean;
              /**
               * The authority's certificate in PEM form.
               * @visibility backend
               */
              ca?: string;
            };
      };
    };
  };
}
