import {
  coreExtensionData,
  fetchApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { kubernetesProxyApiRef } from '@backstage/plugin-kubernetes-react';
import { screen } from '@testing-library/react';
import { useEffect, useState } from 'react';
import { KubernetesTab } from './KubernetesTab';
import { kubernetesEntityContent } from './module';

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'checkout', namespace: 'aurora' },
};
const pod = { podName: 'web-1', namespace: 'aurora-prod', clusterName: 'east' };

/** What the stock page does with the proxy. */
function StockPage() {
  const proxy = useApi(kubernetesProxyApiRef);
  const [seen, setSeen] = useState<string[]>([]);
  useEffect(() => {
    void Promise.allSettled([
      proxy.getPodLogs({ ...pod, containerName: 'main' }),
      proxy.getEventsByInvolvedObjectName({
        ...pod,
        involvedObjectName: 'web-1',
      }),
      proxy.deletePod(pod),
    ]).then(results =>
      setSeen(
        results.map(result =>
          result.status === 'fulfilled'
            ? JSON.stringify(result.value)
            : String(result.reason),
        ),
      ),
    );
  }, [proxy]);
  return <pre>{seen.join('\n')}</pre>;
}

describe('KubernetesTab', () => {
  it('asks the guarded routes about its entity, and deletes nothing', async () => {
    const asked: string[] = [];
    const answers: Record<string, object> = {
      log: { text: 'ready', redacted: 0, truncated: true },
      events: { items: [{ message: 'pulled' }] },
    };
    await renderInTestApp(
      <TestApiProvider
        apis={[
          [
            fetchApiRef,
            {
              fetch: async (input: RequestInfo | URL) => {
                asked.push(String(input));
                const what = /read\/(\w+)/.exec(String(input))?.[1] ?? '';
                return new Response(JSON.stringify(answers[what]));
              },
            },
          ],
        ]}
      >
        <EntityProvider entity={entity}>
          <KubernetesTab>
            <StockPage />
          </KubernetesTab>
        </EntityProvider>
      </TestApiProvider>,
    );
    expect(await screen.findByText(/ready\\n\[…\]/)).toHaveTextContent(
      /pulled.*Pods cannot be deleted from the portal/,
    );
    const where =
      'entityRef=component%3Aaurora%2Fcheckout&cluster=east&namespace=aurora-prod';
    expect(asked).toEqual([
      `plugin://kubernetes/read/log?${where}&pod=web-1&container=main&previous=false`,
      `plugin://kubernetes/read/events?${where}&object=web-1`,
    ]);
  });

  it('stands around the stock tab, which shows on entities that claim something', () => {
    const extension = createExtensionTester(kubernetesEntityContent);
    expect(extension.get(coreExtensionData.reactElement).type).toBe(
      KubernetesTab,
    );
    const shows = extension.get(EntityContentBlueprint.dataRefs.filterFunction);
    expect(shows?.(entity)).toBe(false);
    const annotations = { 'backstage.io/kubernetes-id': 'checkout' };
    expect(
      shows?.({ ...entity, metadata: { ...entity.metadata, annotations } }),
    ).toBe(true);
  });
});
