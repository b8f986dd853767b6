import { randomUUID } from 'node:crypto';
import { type PorticoDatabase } from '@portico/database';
import { payloadDigest } from '@portico/plugin-audit-node';
import {
  deliverySchema,
  type FrozenStage,
  type Promotion,
  type PromotionKind,
  type ReleaseContent,
  releaseContentSchema,
} from '@portico/plugin-promotions-common';
import { type z } from 'zod';
import { openStores } from '../../store/openStores';

export const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

/** The overlay of a component as the golden path writes it. */
export function overlayOf(clone: string, commit: string): string {
  return [
    'resources:',
    '  # The base at one commit.',
    `  - "${clone}//deploy/base?ref=${commit}"`,
    'images: []',
    'replicas:',
    '  - name: checkout',
    '    count: 0',
    '',
  ].join('\n');
}

/** The stage of an environment without gates. */
export function stageOf(
  environment: string,
  delivery: z.input<typeof deliverySchema>,
): FrozenStage {
  return {
    pipelineRefs: ['pipeline:default/default'],
    environmentRef: `environment:default/${environment}`,
    environment: {
      owner: 'group:default/platform',
      order: 1,
      tier: 'test',
      protected: false,
      delivery: deliverySchema.parse(delivery),
    },
    gates: [],
    automatic: false,
    strategy: 'rolling',
    editors: [],
  };
}

/** A promotion that has rows of its own, in the tenant `aurora`. */
export async function addPromotion(
  database: PorticoDatabase,
  options: {
    stage: FrozenStage;
    environment: string;
    content?: Partial<z.input<typeof releaseContentSchema>>;
    kind?: PromotionKind;
    now?: Date;
  },
): Promise<Promotion> {
  const tenant = 'aurora';
  const at = options.now ?? new Date('2026-11-21T12:00:00Z');
  const content: ReleaseContent = releaseContentSchema.parse({
    component: 'component:aurora/checkout',
    version: '1.4.2',
    images: [{ name: 'checkout', digest: digestOf('a') }],
    ...options.content,
  });
  const id = randomUUID();
  const release = payloadDigest(content);
  return database.inTenant(tenant, async transaction => {
    const stores = openStores(transaction, tenant);
    await stores.releases.add({
      id: release,
      content,
      announcedBy: 'user:aurora/bot-ci',
      announcedAt: at,
      found: 'announced',
      sample: false,
    });
    await stores.promotions.add({
      id,
      component: content.component,
      environment: options.environment,
      kind: options.kind ?? 'promote',
      release,
      reason: 'Asked for',
      requestedBy: 'user:aurora/kim',
      automatic: false,
      requestedAt: at,
      stage: options.stage,
      expiresAt: new Date(at.getTime() + 86_400_000),
      sample: false,
    });
    const stored = await stores.promotions.get(id);
    if (!stored) {
      throw new Error('The promotion was not stored');
    }
    return stored.promotion;
  });
}
