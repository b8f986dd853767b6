import { createRouteRef } from '@backstage/frontend-plugin-api';

export const rootRouteRef = createRouteRef();
export const entriesRouteRef = createRouteRef();
export const evidenceRouteRef = createRouteRef();
export const entryRouteRef = createRouteRef({ params: ['chain', 'sequence'] });
