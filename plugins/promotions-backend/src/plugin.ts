import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import {
  porticoDatabaseServiceRef,
  readPorticoJobsConnection,
} from '@portico/database';
import { gitHostServiceRef } from '@portico/plugin-git-host-node';
import { operationChecksServiceRef } from '@portico/plugin-operation-node';
import { promotionPermissions } from '@portico/plugin-promotions-common';
import {
  type CheckSource,
  type DeliveryDriver,
  type DeploymentRepositoryHost,
  type Gate,
  promotionsDeliveryExtensionPoint,
  promotionsGatesExtensionPoint,
  promotionsServiceRef,
  type SourceRepositoryHost,
} from '@portico/plugin-promotions-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { worksInBackground } from '@portico/process-role';
import { observeFigures } from '@portico/telemetry';
import { createDeploymentDiffer } from './diff/createDeploymentDiffer';
import { DriftScan } from './drift/DriftScan';
import { createDelivery } from './effects/createDelivery';
import { createGateSources } from './engine/createGateSources';
import { type PipelineResolver } from './engine/EngineParts';
import { PromotionEngine } from './engine/PromotionEngine';
import { builtInGates, createGateAsker } from './gates';
import { EventRelay } from './jobs/EventRelay';
import { PromotionWorker } from './jobs/PromotionWorker';
import { NoticeComposer } from './notices/NoticeComposer';
import { NoticeSender } from './notices/NoticeSender';
import { OutsideChanges } from './observation/OutsideChanges';
import { PromotionState } from './operation/PromotionState';
import { CatalogPipelineResolver } from './pipeline/CatalogPipelineResolver';
import { PipelineEditors } from './pipeline/PipelineEditors';
import { createDeliveryApi } from './router/createDeliveryApi';
import { createPromotionService } from './service/createPromotionService';
import { DeferredPromotionsService } from './service/DeferredPromotionsService';

/** Releases and promotions: the API, the engine and its workers. */
export const promotionsPlugin = createBackendPlugin({
  pluginId: 'promotions',
  register(registration) {
    const gates = new Map<string, Gate>();
    const checkSources: CheckSource[] = [];
    const drivers: DeliveryDriver[] = [];
    const hosts: DeploymentRepositoryHost[] = [];
    const sourceHosts: SourceRepositoryHost[] = [];
    const addGate = (gate: Gate) => {
      if (gates.has(gate.kind)) {
        throw new Error(
          `Two modules add the kind of gate ${gate.kind}: take one out`,
        );
      }
      gates.set(gate.kind, gate);
    };
    builtInGates.forEach(addGate);
    registration.registerExtensionPoint(promotionsGatesExtensionPoint, {
      addGate,
      addCheckSource: source => checkSources.push(source),
    });
    registration.registerExtensionPoint(promotionsDeliveryExtensionPoint, {
      addDriver: driver => drivers.push(driver),
      addRepositoryHost: host => hosts.push(host),
      addSourceHost: host => sourceHosts.push(host),
    });
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        checks: operationChecksServiceRef,
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        events: eventsServiceRef,
        gitHost: gitHostServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        promotions: promotionsServiceRef,
        tenancy: tenancyServiceRef,
      },
      async init(deps) {
        const { auth, catalog, config, database, gitHost, logger, tenancy } =
          deps;
        deps.permissionsRegistry.addPermissions(promotionPermissions);
        const now = () => new Date();
        const { directory } = tenancy;
        const resolver: PipelineResolver = new CatalogPipelineResolver({
          auth,
          catalog,
          gates: () => [...gates.values()],
          editors: new PipelineEditors({ gitHost, directory, now }),
        });
        const portal = config.getString('app.baseUrl').replace(/\/+$/, '');
        const delivery = createDelivery({
          database,
          gitHost,
          hosts,
          drivers,
          now,
          urlOf: id => `${portal}/delivery/promotions/${id}`,
        });
        const { differ, commits } = createDeploymentDiffer({
          config,
          gitHost,
          sourceHosts,
          repositories: delivery.repositories,
          tenancy,
        });
        const sources = createGateSources({
          auth,
          catalog,
          database,
          directory,
          gitHost,
          resolver,
          observer: delivery.runner,
        });
        const asker = createGateAsker({
          gates: [...gates.values()],
          checkSources,
          logger,
          sources,
        });
        const acts = createPromotionService({
          commits,
          database,
          logger,
          now,
          resolver,
        });
        if (deps.promotions instanceof DeferredPromotionsService) {
          deps.promotions.provide(acts);
        }
        const worker = new PromotionWorker({
          database,
          engine: new PromotionEngine({
            database,
            logger,
            now,
            resolver,
            proposer: delivery.proposer,
            runner: delivery.runner,
            asker,
          }),
          logger,
          now,
          connection: readPorticoJobsConnection(config),
        });
        const relay = new EventRelay({ database, events: deps.events, logger });
        const api = createDeliveryApi({
          ...deps,
          acts,
          differ,
          drivers: delivery.drivers,
          observer: delivery.runner,
          proposer: delivery.proposer,
          resolver,
          now,
        });
        const drift = new DriftScan({
          database,
          resolver,
          drivers: delivery.drivers,
          repositories: delivery.repositories,
          changes: new OutsideChanges({
            database,
            repositories: delivery.repositories,
            logger,
            now,
          }),
          logger,
          now,
        });
        const notices = new NoticeSender({
          database,
          composer: new NoticeComposer({ database, directory, sources, now }),
          notifications: deps.notifications,
          enabled:
            config.getOptionalBoolean(
              'portico.promotions.notifications.enabled',
            ) ?? true,
          logger,
          now,
        });
        deps.httpRouter.use(api.router);
        const state = new PromotionState({ database, now });
        deps.checks.add(state.check());
        observeFigures({
          group: 'promotions',
          figures: PromotionState.figures,
          read: () => state.readFigures(),
        });
        deps.lifecycle.addStartupHook(async () => {
          relay.start();
          if (worksInBackground(config)) {
            await worker.start();
            drift.start();
            notices.start();
          }
        });
        deps.lifecycle.addShutdownHook(async () => {
          api.close();
          await notices.stop();
          await drift.stop();
          await relay.stop();
          await worker.stop();
        });
      },
    });
  },
});
