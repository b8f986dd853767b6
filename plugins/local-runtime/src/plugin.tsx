import {
  ApiBlueprint,
  type ApiHolder,
  configApiRef,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { localRuntimeApiRef } from './api/LocalRuntimeApi';
import { LocalRuntimeClient } from './api/LocalRuntimeClient';
import { RUNS_PATH } from './routes';

const localRuntimeApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: localRuntimeApiRef,
      deps: { configApi: configApiRef, fetchApi: fetchApiRef },
      factory: deps => new LocalRuntimeClient(deps),
    }),
});

/** Kinds of components that the golden paths make with a portico.yaml. */
const builtTypes: readonly unknown[] = ['service', 'website'];

/** Components that may run, in a portal that has a local runtime. */
function filterOf(apis: ApiHolder): (entity: Entity) => boolean {
  const isConfigured = apis.get(configApiRef)?.has('localRuntime.url') ?? false;
  return ({ kind, spec }) =>
    isConfigured && kind === 'Component' && builtTypes.includes(spec?.type);
}

const environmentsCard = EntityCardBlueprint.makeWithOverrides({
  name: 'environments',
  factory: (originalFactory, { apis }) =>
    originalFactory({
      type: 'content',
      filter: filterOf(apis),
      loader: () =>
        import('./components/EnvironmentsCard').then(m => (
          <m.EnvironmentsCard />
        )),
    }),
});

const runsContent = EntityContentBlueprint.makeWithOverrides({
  name: 'runs',
  factory: (originalFactory, { apis }) =>
    originalFactory({
      path: RUNS_PATH,
      title: 'Runs',
      group: 'deployment',
      filter: filterOf(apis),
      loader: () => import('./components/RunsTab').then(m => <m.RunsTab />),
    }),
});

/** What the local runtime builds and runs, on the pages of the entities. */
export const localRuntimePlugin = createFrontendPlugin({
  pluginId: 'local-runtime',
  title: 'Local runtime',
  info: { packageJson: () => import('../package.json') },
  extensions: [localRuntimeApi, environmentsCard, runsContent],
});
