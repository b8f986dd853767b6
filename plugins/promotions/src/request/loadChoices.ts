import {
  type PromotionKind,
  type Release,
} from '@portico/plugin-promotions-common';
import { type PromotionsApi } from '../api/PromotionsApi';

/** As many as a page of the portal has. */
const MOST = 50;

/** A release that could be asked for. */
export interface Choice {
  id: string;
  version: string;
  /** When it was announced; of a rollback, when it ran here last. */
  at: string;
}

/** What could be asked for, the likeliest first. */
export async function loadChoices(options: {
  api: PromotionsApi;
  kind: PromotionKind;
  component: string;
  environment: string;
  /** What runs there. */
  current: Pick<Release, 'id' | 'content'> | undefined;
  /** What runs in the environment before. */
  before: Pick<Release, 'id'> | undefined;
}): Promise<Choice[]> {
  const { api, kind, component, environment, current, before } = options;
  switch (kind) {
    case 'promote': {
      const { items } = await api.releases({ component, limit: MOST });
      const choices = items
        .filter(
          ({ id, rejected, sample }) =>
            !rejected && !sample && id !== current?.id,
        )
        .map(({ id, content, announcedAt }) => ({
          id,
          version: content.version,
          at: announcedAt,
        }));
      return [
        ...choices.filter(({ id }) => id === before?.id),
        ...choices.filter(({ id }) => id !== before?.id),
      ];
    }
    case 'rollback': {
      const [deployments, releases] = await Promise.all([
        api.deployments({ component, environment, limit: MOST }),
        api.releases({ component, limit: MOST }),
      ]);
      const rejected = new Set(
        releases.items.filter(item => item.rejected).map(({ id }) => id),
      );
      const choices = new Map<string, Choice>();
      for (const {
        release,
        version,
        result,
        finishedAt,
        sample,
      } of deployments.items) {
        if (
          release !== undefined &&
          result === 'succeeded' &&
          !sample &&
          release !== current?.id &&
          !rejected.has(release) &&
          !choices.has(release)
        ) {
          choices.set(release, {
            id: release,
            version: version ?? release,
            at: finishedAt,
          });
        }
      }
      return [...choices.values()];
    }
    case 'redeploy':
      return current
        ? [{ id: current.id, version: current.content.version, at: '' }]
        : [];
    default:
      return kind satisfies never;
  }
}
