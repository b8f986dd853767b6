import { readFileSync } from 'node:fs';
import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { type System, systemSchema } from '@portico/plugin-bindings-common';
import { z } from 'zod';

/** A system as configured, with what only the backend knows of it. */
export interface ConfiguredSystem extends System {
  /** PEM certificates that vouch for the system, where the usual ones do not. */
  certificateAuthority?: string;
  /**
   * The platform's own token that may only read. It is used where a tenant has set no
   * credential, and only for what the tenant was granted.
   */
  readToken?: string;
}

const configuredSchema = z.strictObject({
  ...systemSchema.omit({ title: true }).shape,
  title: z.string().min(1).max(100).optional(),
  certificateAuthorityFile: z.string().min(1).optional(),
  readToken: z.string().min(1).optional(),
});

/**
 * The external systems of `bindings.systems`.
 *
 * @throws InputError that says which one is wrong, without its token
 */
export function readSystems(
  config: Config,
): ReadonlyMap<string, ConfiguredSystem> {
  const systems = new Map<string, ConfiguredSystem>();
  const items = config.getOptionalConfigArray('bindings.systems') ?? [];
  items.forEach((item, index) => {
    const parsed = configuredSchema.safeParse(item.get());
    if (!parsed.success) {
      throw new InputError(
        `bindings.systems[${index}] is wrong: ${z.prettifyError(parsed.error)}`,
      );
    }
    const { certificateAuthorityFile, title, ...system } = parsed.data;
    const protocol = new URL(system.url).protocol;
    if (protocol !== 'https:' && protocol !== 'http:') {
      throw new InputError(
        `bindings.systems[${index}].url must begin with https:// or http://`,
      );
    }
    if (systems.has(system.name)) {
      throw new InputError(
        `bindings.systems[${index}] has the name ${system.name}, which another system has`,
      );
    }
    systems.set(system.name, {
      ...system,
      title: title ?? system.name,
      ...(certificateAuthorityFile && {
        certificateAuthority: readFileSync(certificateAuthorityFile, 'utf8'),
      }),
    });
  });
  return systems;
}
