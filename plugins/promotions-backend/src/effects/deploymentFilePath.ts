import { parseEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { type DeliveryTarget } from '@portico/plugin-promotions-node';

/**
 * Where the file of a component in an environment lies.
 *
 * @throws InputError when the path of the environment leaves the repository
 */
export function deploymentFilePath(
  target: Pick<DeliveryTarget, 'component' | 'environment' | 'delivery'>,
): string {
  const values: Record<string, string> = {
    component: parseEntityRef(target.component).name,
    environment: target.environment,
  };
  const path = target.delivery.file.path.replace(
    /\{([^{}]*)\}/g,
    (placeholder, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) {
        throw new InputError(
          `delivery.file.path of the environment ${target.environment} has ${placeholder}; only {component} and {environment} are replaced`,
        );
      }
      return value;
    },
  );
  const isInside = path
    .split('/')
    .every(part => part !== '' && part !== '.' && part !== '..');
  if (!isInside) {
    throw new InputError(
      `delivery.file.path of the environment ${target.environment} leads to '${path}'; name a file inside of the repository`,
    );
  }
  return path;
}
