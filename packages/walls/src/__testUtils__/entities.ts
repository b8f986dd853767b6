import { type Entity } from '@backstage/catalog-model';
import { type JsonObject } from '@backstage/types';

function entity(
  namespace: string,
  kind: string,
  name: string,
  spec: Entity['spec'],
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      namespace,
      name,
      annotations: {
        'backstage.io/managed-by-location': `test:${namespace}`,
        'backstage.io/managed-by-origin-location': `test:${namespace}`,
      },
    },
    spec,
  };
}

/** Some entities of one tenant, every name of which carries the tenant's. */
export function entitiesOf(tenant: string, person: string): Entity[] {
  const owner = `group:${tenant}/${tenant}-team`;
  return [
    entity(tenant, 'Group', `${tenant}-team`, { type: 'team', children: [] }),
    entity(tenant, 'User', person, {
      // A relation would name the person to whoever reads the group.
      memberOf: tenant === 'default' ? [] : [`${tenant}-team`],
    }),
    entity(tenant, 'System', `${tenant}-system`, { owner }),
    entity(tenant, 'Component', `${tenant}-service`, {
      type: 'service',
      lifecycle: `${tenant}-lifecycle`,
      owner,
      system: `${tenant}-system`,
      providesApis: [`${tenant}-api`],
    }),
    entity(tenant, 'API', `${tenant}-api`, {
      type: 'openapi',
      lifecycle: 'production',
      owner,
      definition: `${tenant}-definition`,
    }),
  ];
}

/** A template of one step. */
export function templateIn(
  tenant: string,
  name: string,
  step: { action: string; input: JsonObject },
): Entity {
  return {
    ...entity(tenant, 'Template', name, {
      type: 'service',
      owner: `group:${tenant}/${tenant}-team`,
      parameters: [],
      steps: [{ id: 'only', name: 'Only step', ...step }],
    }),
    apiVersion: 'scaffolder.backstage.io/v1beta3',
  };
}
