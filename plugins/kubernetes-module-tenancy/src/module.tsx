import {
  coreExtensionData,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import kubernetesPlugin from '@backstage/plugin-kubernetes/alpha';
import { KubernetesTab } from './KubernetesTab';

/** The stock tab, with a proxy of ours below it. */
export const kubernetesEntityContent = kubernetesPlugin
  .getExtension('entity-content:kubernetes/kubernetes')
  .override({
    factory(originalFactory) {
      const original = originalFactory();
      return [
        ...original,
        coreExtensionData.reactElement(
          <KubernetesTab>
            {original.get(coreExtensionData.reactElement)}
          </KubernetesTab>,
        ),
      ];
    },
  });

/**
 * The stock tab of entities that claim something in a cluster, with its logs and events
 * from the guarded routes of the portal.
 */
export const kubernetesModuleTenancy = createFrontendModule({
  pluginId: 'kubernetes',
  extensions: [kubernetesEntityContent],
});
