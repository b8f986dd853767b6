import {
  AuthorizeResult,
  type PermissionCondition,
  type PermissionCriteria,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { isEntityInNamespace } from '@portico/plugin-tenancy-node';

type Criteria = PermissionCriteria<PermissionCondition>;

function inNamespaces(namespaces: string[]): PermissionCondition {
  return {
    rule: isEntityInNamespace.name,
    resourceType: isEntityInNamespace.resourceType,
    params: { namespaces },
  };
}

function entities(conditions: Criteria): PolicyDecision {
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: isEntityInNamespace.resourceType,
    conditions,
  };
}

/** Entities of one tenant. */
export function entitiesOf(tenant: string): PolicyDecision {
  return entities(inNamespaces([tenant]));
}

/**
 * Entities of the tenant and of the platform, but not the platform's people.
 *
 * The tenant is one rule on one key, which the catalog's index answers. The exception is
 * a negation beside it: unlike an alternative, it leaves that index in charge and is
 * looked at for the rows that the index found only.
 */
export function entitiesReadableIn(tenant: string): PolicyDecision {
  if (tenant === PLATFORM_TENANT) {
    return entitiesOf(PLATFORM_TENANT);
  }
  return entities({
    allOf: [
      inNamespaces([tenant, PLATFORM_TENANT]),
      {
        not: {
          allOf: [
            inNamespaces([PLATFORM_TENANT]),
            {
              rule: 'IS_ENTITY_KIND',
              resourceType: isEntityInNamespace.resourceType,
              params: { kinds: ['User'] },
            },
          ],
        },
      },
    ],
  });
}

/** Scaffolder tasks that one user started. */
export function tasksOf(userRef: string): PolicyDecision {
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'scaffolder',
    resourceType: 'scaffolder-task',
    conditions: {
      rule: 'IS_TASK_OWNER',
      resourceType: 'scaffolder-task',
      params: { createdBy: [userRef] },
    },
  };
}

/** Scaffolder actions with one of the given ids. */
export function actionsNamed(
  actionIds: readonly [string, ...string[]],
): PolicyDecision {
  const [first, ...others] = actionIds.map(
    (actionId): PermissionCondition => ({
      rule: 'HAS_ACTION_ID',
      resourceType: 'scaffolder-action',
      params: { actionId },
    }),
  );
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'scaffolder',
    resourceType: 'scaffolder-action',
    conditions: { anyOf: [first, ...others] },
  };
}
