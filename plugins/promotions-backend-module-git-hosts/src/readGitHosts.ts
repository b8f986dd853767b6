import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { type ConfiguredSystem } from '@portico/plugin-bindings-node';
import { z } from 'zod';

const gitHostSchema = z.strictObject({
  system: z.string().min(1),
  api: z.enum(['gitea', 'github', 'gitlab']),
  timeoutSeconds: z.number().positive().max(60).default(10),
});

/** A Git host that deployment repositories may lie on. */
export interface GitHost {
  system: ConfiguredSystem;
  api: z.infer<typeof gitHostSchema>['api'];
  timeoutMilliseconds: number;
}

/**
 * The Git hosts of `promotions.gitHosts`.
 *
 * @throws InputError that says which one is wrong
 */
export function readGitHosts(
  config: Config,
  systems: ReadonlyMap<string, ConfiguredSystem>,
): GitHost[] {
  const items = config.getOptionalConfigArray('promotions.gitHosts') ?? [];
  const hosts = items.map((item, index) => {
    const place = `promotions.gitHosts[${index}]`;
    const parsed = gitHostSchema.safeParse(item.get());
    if (!parsed.success) {
      throw new InputError(
        `${place} is wrong: ${z.prettifyError(parsed.error)}`,
      );
    }
    const { system: name, api, timeoutSeconds } = parsed.data;
    const system = systems.get(name);
    if (system?.kind !== 'git' || name === 'portico') {
      throw new InputError(
        `${place}.system has to be a system of kind 'git' in bindings.systems, and none of the name 'portico', which is the embedded Git host; it is '${name}'`,
      );
    }
    return { system, api, timeoutMilliseconds: timeoutSeconds * 1_000 };
  });
  const twice = hosts.find(
    ({ system }, index) =>
      hosts.findIndex(other => other.system.name === system.name) !== index,
  );
  if (twice) {
    throw new InputError(
      `promotions.gitHosts names the system '${twice.system.name}' twice; name it once`,
    );
  }
  return hosts;
}
