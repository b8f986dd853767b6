import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Texts of the frame around the pages and of what it opens. */
export const shellTranslationRef = createTranslationRef({
  id: 'app.portico-shell',
  messages: {
    header: {
      search: 'Search or go to',
      help: 'Help',
      notifications: 'Notifications',
      notificationsUnread: 'Notifications, {{number}} unread',
    },
    demo: {
      title: 'The demo is being made',
      making: '{{done}} of {{total}} things are there. The pages fill in.',
      stopped:
        '{{done}} of {{total}} things could be made; the next start goes on.',
    },
    nav: { unread: ' unread' },
    help: {
      tour: 'Guided tour',
      shortcuts: 'Keyboard shortcuts',
      docs: 'How Portico works',
    },
    shortcuts: {
      title: 'Keyboard shortcuts',
      quickOpen: 'Search or go to',
      create: 'Create something',
      goTo: 'Go to {{page}}',
      switch: 'Shortcuts of single keys',
      switchText:
        'Switch them off if they get in the way of your keyboard or speech input. Ctrl K always works.',
    },
    quickOpen: {
      title: 'Search or go to',
      label: 'Page, template or name of something in the catalog',
      placeholder: 'Go to a page, create, or find by name',
      results: 'What can be opened',
      catalog: 'Catalog',
      pages: 'Go to',
      create: 'Create',
      actions: 'More',
      search: 'Search everything for “{{text}}”',
      loading: 'Looking in the catalog',
      found: '{{number}} entries. Arrow keys choose, Enter opens.',
      failed: 'The catalog did not answer; pages still open.',
      kinds: {
        component: 'Component',
        api: 'API',
        system: 'System',
        domain: 'Domain',
        resource: 'Resource',
        group: 'Group',
        user: 'Person',
      },
      theme: {
        light: 'Switch to the light theme',
        dark: 'Switch to the dark theme',
      },
    },
    tour: {
      title: 'Guided tour',
      offer: 'Tour of three minutes, {{number}} steps',
      offerFor: '{{offer}}, as {{name}}',
      progress: '{{done}} of {{all}} done',
      done: '(done)',
      leave: 'Leave the tour',
      end: 'That was the tour. Look around as you like, or leave it and sign in as somebody else.',
      roles: {
        engineer: 'Builds and runs services',
        lead: 'Answers for services, approves changes',
        admin: 'Looks after people, groups and sources',
        viewer: 'Wants to know who owns what',
        platform: 'Paves the roads for every organisation',
        auditor: 'Checks what was done, and by whom',
      },
      steps: {
        home: {
          title: 'Your home page',
          text: 'What your groups own, what waits for you, and what to read first.',
        },
        service: {
          title: 'A service',
          text: 'One page for a service: who owns it, what it offers and needs, its repository and its docs.',
        },
        system: {
          title: 'A system',
          text: 'What belongs together: the components of the system, their APIs and resources, and who owns them.',
        },
        create: {
          title: 'Golden paths',
          text: 'Pick a template and answer a short form: a repository with code that builds and passes its tests is made, and it is in the catalog.',
        },
        repository: {
          title: 'Its repository',
          text: 'Real Git: clone it with the address on this page, change something and push. The catalog follows.',
        },
        search: {
          title: 'Search',
          text: 'Names, descriptions and docs, and only what you may see. Press / anywhere to go to something by its name.',
        },
        api: {
          title: 'Its API',
          text: 'The definition is read from the repository of the service, so it is as new as the code.',
        },
        dependencies: {
          title: 'Dependencies',
          text: 'What the service needs and who needs it, both ways.',
        },
        deployments: {
          title: 'What is declared to run',
          text: 'The repository “deployments” says per component and environment which release runs. Every change is a commit with an author.',
        },
        members: {
          title: 'People and groups',
          text: 'Roles come with people and groups. A change counts from the next request of the person.',
        },
        sources: {
          title: 'Sources',
          text: 'The repositories that your catalog is read from. What was refused is listed with file, line and reason.',
        },
        tokens: {
          title: 'Machine tokens',
          text: 'For jobs and scripts: bound to your organisation and its rules, and you can revoke them.',
        },
        audit: {
          title: 'Audit',
          text: 'Who did what, when and why it was allowed or refused. Each entry is chained to the one before.',
        },
        evidence: {
          title: 'Evidence',
          text: 'Signed checkpoints and exports that can be verified without the portal.',
        },
        catalog: {
          title: 'The catalog',
          text: 'Everything that the organisation owns, with owner, system and lifecycle.',
        },
        team: {
          title: 'A team',
          text: 'Who is in a team, and what it owns.',
        },
        docs: {
          title: 'Docs',
          text: 'Guides of the services and of the portal, read from their repositories.',
        },
        tenants: {
          title: 'Organisations',
          text: 'Each organisation that shares this portal is a wall: nobody sees into another.',
        },
        goldenPaths: {
          title: 'Golden paths',
          text: 'Templates are plain files in Git. A push changes what the next service looks like.',
        },
        portal: {
          title: 'The portal itself',
          text: 'Portico is in its own catalog: one component per package, with what depends on what.',
        },
      },
    },
    settings: {
      person: 'You',
      name: 'Name',
      reference: 'In the catalog',
      organisation: 'Organisation',
      roles: 'Roles',
      groups: 'Groups',
      none: 'None',
      appearance: 'Appearance',
      theme: 'Theme',
      themes: {
        system: 'As the system',
        light: 'Light',
        dark: 'Dark',
      },
      keyboard: 'Keyboard',
    },
    notifications: {
      title: 'Notifications',
      view: 'Show',
      views: { unread: 'Unread', all: 'All', saved: 'Saved' },
      find: 'Find a notification',
      markAll: 'Mark all as read',
      markRead: 'Mark as read: {{title}}',
      markUnread: 'Mark as unread: {{title}}',
      save: 'Save for later: {{title}}',
      unsave: 'No longer saved: {{title}}',
      list: 'Notifications, newest first',
      unread: 'Unread',
      from: 'From {{origin}}',
      severity: {
        critical: 'Critical',
        high: 'Important',
        normal: 'Normal',
        low: 'Low',
      },
      count: '{{from}} to {{to}} of {{all}}',
      previous: 'Newer',
      next: 'Older',
      pages: 'Pages of notifications',
      emptyUnread: 'Nothing unread',
      emptyUnreadText:
        'You are told here when something of yours needs you: a run that ended, a review that waits.',
      emptyAll: 'No notification yet',
      emptySaved: 'Nothing saved',
      emptySavedText: 'Save a notification to find it here again.',
      emptyFound: 'No notification has “{{text}}”',
      failed: 'Your notifications could not be loaded',
      changeFailed: 'This could not be saved. Try again.',
    },
  },
});
