import { NotFoundError } from '@backstage/errors';
import { type PromotionActor } from '@portico/plugin-promotions-node';

/** What is another tenant's is not there. */
export function assertOwnComponent(
  component: string,
  { tenant }: Pick<PromotionActor, 'tenant'>,
): void {
  if (!component.startsWith(`component:${tenant}/`)) {
    throw new NotFoundError(`There is no component ${component}`);
  }
}
