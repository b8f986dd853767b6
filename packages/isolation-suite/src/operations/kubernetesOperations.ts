import { CLUSTER } from '../portal/StandInCluster';
import { type Things } from '../world/Things';
import { type Operation, operationsOf, query } from './Operation';

const kubernetes = operationsOf('kubernetes');
const reads = { changes: undefined } as const;

const refOf = (of: Things) => `component:${of.tenant}/${of.component}`;

/** An entity as a browser sends it: the backend must not believe a word of it. */
const entityOf = (of: Things) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    namespace: of.tenant,
    name: of.component,
    annotations: {
      'backstage.io/kubernetes-namespace': of.namespace,
      'backstage.io/kubernetes-label-selector': `app=${of.component}`,
    },
  },
});

/** What each reading route asks for besides the place. */
const objects = {
  log: (of: Things) => ({ pod: of.component, container: 'main' }),
  events: (of: Things) => ({ object: of.component }),
  describe: (of: Things) => ({ kind: 'Pod', name: of.component }),
} as const;

const read = (what: keyof typeof objects) => {
  const address = (entity: Things, of: Things) =>
    `/read/${what}${query({
      entityRef: refOf(entity),
      cluster: CLUSTER,
      namespace: of.namespace,
      ...objects[what](of),
    })}`;
  return {
    foreign: (of: Things) => address(of, of),
    'own entity, foreign namespace': (of: Things, own: Things) =>
      address(own, of),
    'own entity that claims a foreign namespace': (of: Things, own: Things) =>
      address({ ...own, component: own.thief }, of),
  };
};

export const kubernetesOperations: Operation[] = [
  ...kubernetes('GET /clusters', { own: () => '/clusters' }),
  ...kubernetes(
    'POST /services/:serviceId',
    {
      foreign: of => ({
        path: `/services/${of.component}`,
        body: { entity: entityOf(of), auth: {} },
      }),
      'own name, foreign entity': (of, own) => ({
        path: `/services/${own.component}`,
        body: { entity: entityOf(of), auth: {} },
        headers: { 'backstage-kubernetes-cluster': of.tenant },
      }),
    },
    reads,
  ),
  ...kubernetes(
    'POST /resources/workloads/query',
    {
      foreign: of => ({
        path: '/resources/workloads/query',
        body: { entityRef: refOf(of), auth: {} },
      }),
      'own entity that claims a foreign namespace': (_, own) => ({
        path: '/resources/workloads/query',
        body: { entityRef: refOf({ ...own, component: own.thief }), auth: {} },
      }),
    },
    reads,
  ),
  ...kubernetes(
    'POST /resources/custom/query',
    {
      foreign: of => ({
        path: '/resources/custom/query',
        body: {
          entityRef: refOf(of),
          auth: {},
          customResources: [
            {
              group: 'argoproj.io',
              apiVersion: 'v1alpha1',
              plural: 'rollouts',
            },
          ],
        },
      }),
    },
    reads,
  ),
  ...kubernetes('GET /read/log', read('log')),
  ...kubernetes('GET /read/events', read('events')),
  ...kubernetes('GET /read/describe', read('describe')),
];
