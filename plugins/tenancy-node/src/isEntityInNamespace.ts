import { catalogEntityPermissionResourceRef } from '@backstage/plugin-catalog-node/alpha';
import {
  createConditionExports,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { z } from 'zod';

/**
 * The one catalog rule of the tenant wall: the entity's namespace is among the
 * given ones. One key with several values keeps the query on one index; two or-ed
 * conditions would not.
 */
export const isEntityInNamespace = createPermissionRule({
  name: 'IN_NAMESPACE',
  description: 'Allow entities whose namespace is one of the given tenants',
  resourceRef: catalogEntityPermissionResourceRef,
  paramsSchema: z.object({
    namespaces: z.array(z.string()).min(1).describe('Ids of tenants'),
  }),
  apply: (entity, { namespaces }) =>
    namespaces.includes(entity.metadata.namespace ?? 'default'),
  toQuery: ({ namespaces }) => ({
    key: 'metadata.namespace',
    values: namespaces,
  }),
});

export const {
  conditions: tenancyConditions,
  createConditionalDecision: createTenancyConditionalDecision,
} = createConditionExports({
  resourceRef: catalogEntityPermissionResourceRef,
  rules: { isEntityInNamespace },
});
