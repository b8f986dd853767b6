import { apiTryOutRoutes } from './apiTryOut';
import { appRoutes, indexRoutes } from './app';
import { auditRoutes } from './audit';
import { authRoutes } from './auth';
import { bindingsRoutes } from './bindings';
import { catalogRoutes } from './catalog';
import { everyPluginRoutes } from './everyPlugin';
import { gitHostRoutes } from './gitHost';
import { kubernetesRoutes } from './kubernetes';
import { localRuntimeRoutes } from './localRuntime';
import { notificationsRoutes } from './notifications';
import { operationRoutes } from './operation';
import { permissionRoutes } from './permission';
import { promotionsRoutes } from './promotions';
import { RouteTable } from './RouteTable';
import { scaffolderRoutes } from './scaffolder';
import { searchRoutes } from './search';
import { techdocsRoutes } from './techdocs';
import { tenancyRoutes } from './tenancy';
import { userSettingsRoutes } from './userSettings';

/** All routes of the portal: who may call what. The rest does not exist. */
export const porticoRoutes = new RouteTable({
  plugins: [
    apiTryOutRoutes,
    appRoutes,
    auditRoutes,
    authRoutes,
    bindingsRoutes,
    catalogRoutes,
    gitHostRoutes,
    kubernetesRoutes,
    localRuntimeRoutes,
    notificationsRoutes,
    operationRoutes,
    permissionRoutes,
    promotionsRoutes,
    scaffolderRoutes,
    searchRoutes,
    techdocsRoutes,
    tenancyRoutes,
    userSettingsRoutes,
  ],
  everyPlugin: everyPluginRoutes,
  index: indexRoutes,
});
