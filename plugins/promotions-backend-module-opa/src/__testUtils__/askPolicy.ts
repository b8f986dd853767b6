import { type Gate, type GateAnswer } from '@portico/plugin-promotions-node';
import {
  askGate,
  promotion,
  release,
  stage,
} from '@portico/plugin-promotions-node/testUtils';
import { type JsonObject } from '@backstage/types';

/** What differs from checkout of aurora, which goes to prod. */
export interface Difference {
  owner?: string;
  name?: string;
  withoutSource?: boolean;
  tenant?: string;
}

/** Asks a gate about a promotion of a component that the catalog knows. */
export function askPolicy(
  gate: Gate,
  options: JsonObject,
  difference: Difference = {},
): Promise<GateAnswer> {
  const {
    owner = 'group:aurora/checkout',
    name = 'checkout',
    withoutSource = false,
    tenant = 'aurora',
  } = difference;
  const { content, ...rest } = release('a');
  const { source, ...bare } = content;
  return askGate(
    gate,
    options,
    {
      component: async () => ({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { namespace: 'aurora', name },
        spec: { type: 'service', lifecycle: 'production', owner },
      }),
    },
    {
      tenant,
      stage,
      promotion: {
        ...promotion,
        component: `component:aurora/${name}`,
        release: { ...rest, content: withoutSource ? bare : content },
      },
    },
  );
}
