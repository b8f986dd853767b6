import { InputError } from '@backstage/errors';
import { type PromotionKind } from '@portico/plugin-promotions-common';
import { type PromotionsService } from '@portico/plugin-promotions-node';

/** What a template can say of the release. */
export interface ReleaseWish {
  kind: PromotionKind;
  /** Id of the release. */
  release?: string;
  /** The one that runs in this environment. */
  from?: string;
}

/**
 * The release that a template means: the one that it names, the one that runs in an
 * environment, the one that ran before for a rollback, the same again for a redeployment.
 *
 * @throws InputError when there is none
 */
export async function chooseRelease(
  promotions: Pick<PromotionsService, 'deployments'>,
  target: { tenant: string; component: string; environment: string },
  wish: ReleaseWish,
): Promise<string> {
  if (wish.release !== undefined) {
    return wish.release;
  }
  const releasesIn = async (environment: string): Promise<string[]> => {
    const deployments = await promotions.deployments({
      ...target,
      environment,
    });
    return deployments.flatMap(({ release, result }) =>
      release !== undefined && result === 'succeeded' ? [release] : [],
    );
  };
  const { component, environment } = target;
  switch (wish.kind) {
    case 'promote': {
      if (wish.from === undefined) {
        throw new InputError(
          'portico:promotion:gate does not know which release is meant: give "release", or "from" with the environment in which it runs',
        );
      }
      const [running] = await releasesIn(wish.from);
      if (running === undefined) {
        throw new InputError(
          `No release of ${component} runs in ${wish.from}; promote one there first, or name a release`,
        );
      }
      return running;
    }
    case 'redeploy': {
      const [running] = await releasesIn(environment);
      if (running === undefined) {
        throw new InputError(
          `No release of ${component} runs in ${environment}, so none can be deployed again`,
        );
      }
      return running;
    }
    case 'rollback': {
      const [running, ...earlier] = await releasesIn(environment);
      const previous = earlier.find(release => release !== running);
      if (previous === undefined) {
        throw new InputError(
          `No earlier release of ${component} ran in ${environment}, so there is nothing to roll back to`,
        );
      }
      return previous;
    }
    default:
      return wish.kind satisfies never;
  }
}
