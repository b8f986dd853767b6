import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { RiGitRepositoryLine } from '@remixicon/react';
import { gitHostApiRef } from './api/GitHostApi';
import { GitHostClient } from './api/GitHostClient';
import { repositoryRouteRef, rootRouteRef } from './routes';

const gitHostApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: gitHostApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new GitHostClient({ fetchApi }),
    }),
});

const gitHostPage = PageBlueprint.make({
  params: {
    path: '/git',
    title: 'Repositories',
    icon: <RiGitRepositoryLine />,
    routeRef: rootRouteRef,
    loader: () =>
      import('./components/RepositoriesPage').then(m => <m.RepositoriesPage />),
  },
});

const gitHostRepositoryPage = PageBlueprint.make({
  name: 'repository',
  params: {
    path: '/git/:tenant/:repository',
    title: 'Repositories',
    icon: <RiGitRepositoryLine />,
    routeRef: repositoryRouteRef,
    loader: () =>
      import('./components/RepositoryPage').then(m => <m.RepositoryPage />),
  },
});

const gitHostNameField = FormFieldBlueprint.make({
  name: 'repository-name',
  params: {
    field: () =>
      import('./scaffolder/repositoryNameField').then(
        m => m.repositoryNameField,
      ),
  },
});

/** The repositories of the embedded Git host: list, files, README, how to clone. */
export const gitHostPlugin = createFrontendPlugin({
  pluginId: 'git-host',
  title: 'Repositories',
  icon: <RiGitRepositoryLine />,
  info: { packageJson: () => import('../package.json') },
  extensions: [
    gitHostApi,
    gitHostPage,
    gitHostRepositoryPage,
    gitHostNameField,
  ],
  routes: { root: rootRouteRef, repository: repositoryRouteRef },
});
