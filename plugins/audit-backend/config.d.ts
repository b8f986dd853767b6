import { type HumanDuration } from '@backstage/types';

export interface Config {
  /** The audit: who did what, in chains that show tampering. */
  audit: {
    /**
     * Name of this portal in checkpoints and keys; the host of `app.baseUrl` without
     * it. Do not change it later: the chains begin with it.
     * @visibility backend
     */
    origin?: string;

    /**
     * Ed25519 keys, each the Base64 text of 32 random bytes. The first signs. To change
     * the key put the new one first and leave the old one below it.
     * @deepVisibility secret
     */
    signingKeys: string[];

    /** Signed states of the chains. */
    checkpoints?: {
      /**
       * A checkpoint is made after so many new entries; 1000 without it.
       * @visibility backend
       */
      everyEntries?: number;
      /**
       * And after so much time when there is a new entry; 5 minutes without it.
       * @visibility backend
       */
      every?: HumanDuration | string;
      /**
       * Places outside of the database that keep checkpoints. Nothing is replaced in
       * them. Let others own at least one of them.
       */
      destinations?: Array<
        | {
            /**
             * Name for lists; do not change it later.
             * @visibility backend
             */
            name: string;
            /** @visibility backend */
            type: 'file';
            /**
             * Folder; a relative path counts from the folder in which the backend was started.
             * @visibility backend
             */
            directory: string;
          }
        | {
            /** @visibility backend */
            name: string;
            /** @visibility backend */
            type: 's3';
            /** @visibility backend */
            bucket: string;
            /**
             * Put before the names of the objects, without a slash at the end.
             * @visibility backend
             */
            prefix?: string;
            /**
             * `us-east-1` without it.
             * @visibility backend
             */
            region?: string;
            /**
             * Of a store that is not AWS.
             * @visibility backend
             */
            endpoint?: string;
            /** @visibility backend */
            forcePathStyle?: boolean;
            /**
             * The usual places of AWS count without it.
             * @visibility secret
             */
            accessKeyId?: string;
            /** @visibility secret */
            secretAccessKey?: string;
          }
        | {
            /** @visibility backend */
            name: string;
            /** @visibility backend */
            type: 'git';
            /**
             * `https:`, `http:` or `file:`, without user and password.
             * @visibility backend
             */
            url: string;
            /**
             * `main` without it; made when it is missing.
             * @visibility backend
             */
            branch?: string;
            /** @visibility secret */
            username?: string;
            /** @visibility secret */
            password?: string;
          }
      >;
    };

    /** How long entries are kept; for ever where nothing is said. */
    retention?: {
      /**
       * Days for all chains; 30 or more.
       * @visibility backend
       */
      days?: number;
      /** For single tenants, by id; `default` is the platform. */
      tenants?: {
        [tenant: string]: {
          /**
           * 30 or more.
           * @visibility backend
           */
          days: number;
        };
      };
    };
  };
}
