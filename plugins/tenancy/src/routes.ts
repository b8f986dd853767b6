import { createRouteRef } from '@backstage/frontend-plugin-api';

export const rootRouteRef = createRouteRef();
export const sourcesRouteRef = createRouteRef();
export const membersRouteRef = createRouteRef();
export const directoryRouteRef = createRouteRef();
export const tokensRouteRef = createRouteRef();
export const tenantsRouteRef = createRouteRef();
export const sessionsRouteRef = createRouteRef();
export const ownSessionsRouteRef = createRouteRef();
export const deviceRouteRef = createRouteRef();
