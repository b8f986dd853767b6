export interface Config {
  /** The Git host inside the portal. */
  gitHost: {
    /**
     * Folder of the bare repositories, one folder per tenant; made when absent. A
     * relative path counts from the folder in which the backend was started.
     * @visibility backend
     */
    directory: string;

    /**
     * Repositories of the platform (tenant `default`) that are made from folders at
     * each start, as one commit when the content changed and nobody pushed since.
     */
    platformRepositories?: Array<{
      /**
       * Name of the repository.
       * @visibility backend
       */
      name: string;
      /**
       * What it is, for lists.
       * @visibility backend
       */
      title?: string;
      /**
       * The folder; a relative path counts from the folder in which the backend was started.
       * @visibility backend
       */
      directory: string;
      /**
       * Names below the folder that are published; everything without it.
       * @visibility backend
       */
      include?: string[];
      /**
       * Catalog file, registered as a source of `default`. Without it the first
       * that exists of `catalog-info.yaml` and `all.yaml`.
       * @visibility backend
       */
      catalogFile?: string;
    }>;

    /** Bounds; sizes in bytes. */
    limits?: {
      /**
       * Largest pack of a push; 256 MiB without it.
       * @visibility backend
       */
      pushBytes?: number;
      /**
       * Largest file that the read API gives out; 5 MiB without it.
       * @visibility backend
       */
      fileBytes?: number;
      /**
       * Largest tree that is read or committed in one piece; 64 MiB without it.
       * @visibility backend
       */
      treeBytes?: number;
      /**
       * Most files of such a tree; 5000 without it.
       * @visibility backend
       */
      treeFiles?: number;
      /**
       * What all repositories of one tenant may occupy; 5 GiB without it.
       * @visibility backend
       */
      tenantBytes?: number;
      /**
       * Most repositories of one tenant; 1000 without it.
       * @visibility backend
       */
      tenantRepositories?: number;
      /**
       * Most clones and pushes of one tenant at the same time; 8 without it.
       * @visibility backend
       */
      tenantTransfers?: number;
      /**
       * Longest time of one clone or push in seconds; 900 without it. Node's own
       * `backend.server.requestTimeout` (300 s) counts as well.
       * @visibility backend
       */
      transferSeconds?: number;
    };
  };
}
