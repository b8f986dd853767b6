import { createRouteRef } from '@backstage/frontend-plugin-api';

export const rootRouteRef = createRouteRef();
export const repositoryRouteRef = createRouteRef({
  params: ['tenant', 'repository'],
});
