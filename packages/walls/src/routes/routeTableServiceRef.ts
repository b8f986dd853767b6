import { createServiceRef } from '@backstage/backend-plugin-api';
import { type RouteTable } from './RouteTable';

/** The route table in force. */
export const routeTableServiceRef = createServiceRef<RouteTable>({
  id: 'portico.walls.route-table',
  scope: 'root',
});
