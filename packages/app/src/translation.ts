import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Every text of the app's own modules. */
export const appTranslationRef = createTranslationRef({
  id: 'app.portico',
  messages: {
    shell: {
      skip: 'Skip to content',
      home: 'Portico, home',
      loading: 'Loading',
      navigation: 'Main',
      openNavigation: 'Open navigation',
      closeNavigation: 'Close navigation',
    },
    nav: {
      home: 'Home',
      catalog: 'Catalog',
      create: 'Create',
      delivery: 'Delivery',
      docs: 'Docs',
      apis: 'APIs',
      organisation: 'Organisation',
      repositories: 'Repositories',
      search: 'Search',
      audit: 'Audit',
      administration: 'Administration',
      notifications: 'Notifications',
      settings: 'Settings',
      more: 'More',
    },
    pageLayout: {
      breadcrumbs: 'Breadcrumbs',
      sections: 'Sections of {{title}}',
      notFoundTitle: 'Page not found',
      notFoundText:
        'There is nothing at this address, or it is not yours to see.',
      notFoundHome: 'Go to the home page',
    },
    roles: {
      viewer: 'Viewer',
      developer: 'Developer',
      approver: 'Approver',
      'tenant-admin': 'Tenant administrator',
      'platform-admin': 'Platform administrator',
      auditor: 'Auditor',
    },
    signIn: {
      title: 'Sign in to Portico',
      personas:
        'This portal runs in development on your machine. Choose who you want to be; no password is asked.',
      noPersonas: 'There is no persona yet.',
      noPersonasText:
        'The portal has just started, or its directory is empty. Try again in a moment.',
      personasFailed: 'The personas could not be loaded',
      others: 'Others in {{tenant}}',
      signingIn: 'Signing in',
      refusedTitle: 'You could not be signed in',
      chooseAgain: 'Choose again',
      retry: 'Try again',
      oidc: 'Sign in with your organisation',
      oidcText: 'You are sent to the identity provider and come back here.',
      noWayTitle: 'No way to sign in is configured',
      noWayText:
        'Set auth.providers.oidc in the configuration of the portal (app-config.production.yaml shows how) and start it again.',
    },
    templates: {
      title: 'Templates',
      filter: 'Find a template',
      description:
        'A template makes a repository with code, tests and docs, and registers it in the catalog.',
      by: 'By {{owner}}',
      none: 'No template is registered yet.',
      noMatch: 'No template matches “{{text}}”.',
      failed: 'The templates could not be loaded',
    },
    api: {
      definition: 'Definition',
      definitionText:
        'The description of this API in the form {{type}}: read it and try it.',
      openDefinition: 'Open the definition',
    },
    task: {
      title: '{{template}}: {{name}}',
      run: 'Run of a template',
      notFoundTitle: 'Task not found',
      notFoundText: 'There is no such task, or it is not yours to see.',
      failedTitle: 'The run failed',
      state: {
        running: 'Running',
        done: 'Done',
        failed: 'Failed',
        cancelled: 'Cancelled',
      },
      steps: 'Steps',
      step: {
        open: 'Not begun',
        processing: 'Running',
        completed: 'Done',
        failed: 'Failed',
        cancelled: 'Cancelled',
        skipped: 'Skipped',
      },
      took: 'Done in {{seconds}} s',
      output: 'Result',
      log: 'Log',
      cancel: 'Cancel',
      again: 'Create another',
    },
  },
});
