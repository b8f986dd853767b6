import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Every text of the repository pages. */
export const gitHostTranslationRef = createTranslationRef({
  id: 'plugin.git-host',
  messages: {
    common: {
      retry: 'Try again',
      copy: 'Copy',
      copied: 'Copied',
      failed: 'This could not be loaded',
      unknownError: 'Something went wrong.',
    },
    nameField: {
      label: 'Name',
      rule: 'Lower-case letters, digits and inner hyphens.',
      checking: 'Checking whether the name is free…',
      free: '{{repository}} is free. It will be the repository and the catalog entry.',
      taken: '{{repository}} exists already: choose another name.',
    },
    list: {
      filter: 'Filter repositories',
      title: 'Repositories',
      name: 'Name',
      description: 'Description',
      owner: 'Owner',
      platform: 'Platform',
      emptyMark: 'empty',
      noneTitle: 'There are no repositories yet',
      noneDescription:
        'Create a service from a template; its repository appears here.',
      noMatch: 'No repository matches the filter.',
    },
    repository: {
      absentTitle: 'There is no such repository',
      absentDescription:
        'It does not exist, or it belongs to a tenant that you are not signed in to.',
      noAccessTitle: 'You may not read repositories',
      noAccessDescription:
        'It needs a role that you do not hold. Ask an administrator of your tenant for it.',
      allRepositories: 'All repositories',
      pathLabel: 'Path in the repository',
      files: 'Files',
      fileName: 'Name',
      fileSize: 'Size',
      branch: 'Branch',
      commit: 'Commit',
      emptyFolder: 'This folder is empty.',
      absentPathTitle: 'There is no such file or folder',
      absentPathDescription: '{{path}} does not exist at {{ref}}.',
      symlink: 'symbolic link',
      submodule: 'submodule',
    },
    file: {
      download: 'Download',
      content: 'Content of {{path}}',
      binary:
        'This file is not text ({{size}}). Download it, or clone the repository.',
      tooLarge:
        'This file is too large to be shown here ({{size}}). Download it, or clone the repository.',
      rendered: 'Preview',
      source: 'Source',
      viewLabel: 'How the file is shown',
    },
    lastCommit: {
      title: 'Last commit',
      by: '{{author}}, {{time}}',
    },
    clone: {
      title: 'Clone',
      label: 'Command to clone the repository',
      copyLabel: 'Copy the clone command',
      howToPush: 'How to push',
      pushHint:
        'Git asks for a user name and a password: give any user name, and a machine token with the scope “Push to repositories” as the password. Tenant administrators create tokens under Administration.',
    },
    empty: {
      title: 'This repository is empty',
      description: 'Push a first commit to {{branch}}:',
      label: 'Commands for a first push',
      copyLabel: 'Copy the commands',
    },
    docs: {
      title: 'Documentation',
      pages: 'Pages of the documentation',
      home: 'Home',
      fromRepository:
        'Shown from the repository; the built documentation has not been published.',
      noneTitle: 'This component has no docs yet',
      noneDescription:
        'Add Markdown files to the folder {{folder}} of its repository, index.md first. They appear here once they are pushed.',
      notPublishedTitle: 'The documentation has not been published yet',
      notPublishedDescription:
        'The pipeline of its repository publishes it after a build; ask the owner. It can be shown before that only when the repository is in the Git host of this portal.',
      openRepository: 'Open the repository',
    },
    readme: {
      imageNotShown: 'Image not shown: {{alt}}',
    },
  },
});
