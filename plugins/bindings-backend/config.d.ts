export interface Config {
  /** What tenants may use of external systems. */
  bindings?: {
    /**
     * Keys that seal the tenants' credentials in the database (AES-256-GCM), newest
     * first: the first one seals, each of them opens. Without them the secrets of
     * `backend.auth.keys` are used.
     *
     * @deepVisibility secret
     */
    sealingKeys?: string[];
    /** The systems that things can be granted in. */
    systems?: Array<{
      /** Name in grants and annotations, such as `backstage.io/kubernetes-cluster`. */
      name: string;
      kind:
        | 'argocd'
        | 'kubernetes'
        | 'git'
        | 'grafana'
        | 'jira'
        | 'sentry'
        | 'sonarqube'
        | 'api';
      /** Name for people; the `name` unless told. */
      title?: string;
      /** Address of its API. */
      url: string;
      /** File with PEM certificates that vouch for it. */
      certificateAuthorityFile?: string;
      /**
       * A token of the platform that may only read. It is used for tenants without a
       * credential of their own, and only for what they were granted.
       *
       * @visibility secret
       */
      readToken?: string;
    }>;
  };
}
