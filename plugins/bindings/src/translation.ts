import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Every text of the page of the bindings. */
export const bindingsTranslationRef = createTranslationRef({
  id: 'plugin.bindings',
  messages: {
    kinds: {
      'argocd-project': 'Argo CD project',
      'kubernetes-namespace': 'Kubernetes namespace',
      'git-organisation': 'Git organisation',
      'grafana-folder': 'Grafana folder',
      'jira-project': 'Jira project',
      'sentry-project': 'Sentry project',
      'sonar-project': 'SonarQube project',
      'api-server': 'API server',
    },
    credentialNeeds: {
      'argocd-project':
        'Token of an account or project role that may read the applications of the project.',
      'kubernetes-namespace':
        'Token of a service account that may read pods, logs, events and workloads in the namespaces. Without one, the platform’s read token is used.',
      'git-organisation':
        'Token of an app or account that may read the organisation’s repositories.',
      'grafana-folder':
        'Token of a service account with the role Viewer on the folder.',
      'jira-project':
        'API token, and the e-mail address of its account as user name; a personal access token needs no user name.',
      'sentry-project':
        'Token of an internal integration that may read the project.',
      'sonar-project': 'Token of an account that may browse the project.',
      'api-server':
        'None: whoever tries an API out gives what the API asks for with each request.',
    },
    page: { title: 'Bindings' },
    common: {
      actions: 'Actions',
      yes: 'Yes',
      no: 'No',
      never: 'Never',
    },
    grants: {
      title: 'What {{tenant}} may use',
      description:
        'An annotation in a catalog file is only a claim. It counts when what it names is in this list; the platform grants it.',
      empty:
        'Nothing was granted yet. Ask the platform’s administrators for what your catalog files name.',
      kind: 'Kind',
      system: 'System',
      resource: 'Name',
      shared: 'Shared with others',
      granted: 'Granted',
      grant: 'Grant',
      revoke: 'Revoke',
      revokeNamed: 'Revoke {{resource}} of {{system}}',
      revokeTitle: 'Revoke {{resource}} of {{system}}?',
      revokeText:
        'Pages of {{tenant}} show nothing of it from now on. With the last grant on this system, the credential for it is removed too.',
    },
    credentials: {
      title: 'Credentials',
      description:
        'What the portal uses each system with on behalf of {{tenant}}. A credential is kept sealed and is never shown again.',
      empty: 'A credential can be set once something of a system was granted.',
      system: 'System',
      state: 'State',
      missing: 'Missing',
      set: 'Set',
      unreadable: 'Unreadable: set it again',
      setBy: 'Set by',
      lastUsed: 'Last used',
      setAction: 'Set',
      setNamed: 'Set the credential for {{system}}',
      replaceAction: 'Replace',
      replaceNamed: 'Replace the credential for {{system}}',
      remove: 'Remove',
      removeNamed: 'Remove the credential for {{system}}',
      removeTitle: 'Remove the credential for {{system}}?',
      removeText:
        'What needs it shows nothing until another one is set. Remember to revoke it in the system itself as well.',
    },
    needs: {
      title: 'What each kind needs',
      description:
        'Annotations of an entity that make a claim, and what a credential has to be.',
      kind: 'Kind',
      annotations: 'One of the annotations',
      credential: 'Credential',
    },
    grantForm: {
      title: 'Grant to {{tenant}}',
      submit: 'Grant',
      kind: 'Kind',
      system: 'System',
      noSystem:
        'The portal’s configuration names no system of this kind: add it to bindings.systems.',
      resource: 'Name',
      resourceHelp: 'It has to be {{form}}.',
      shared: 'Other tenants may be granted the same',
    },
    credentialForm: {
      title: 'Credential for {{system}}',
      submit: 'Save',
      token: 'Token',
      tokenHelp: 'It is sealed at once and never shown again.',
      tokenMissing: 'Enter the token, without spaces.',
      username: 'User name',
      usernameHelp: 'Only where the system asks for one beside the token.',
    },
  },
});
