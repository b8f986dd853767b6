import { componentRefSchema } from '@portico/plugin-promotions-common';
import { parseInput } from '../output/parseInput';
import { whoami } from '../portal/Connection';
import { type PortalClient } from '../portal/PortalClient';

/** The ref of a component that was named by its name in the caller's tenant, or by its ref. */
export async function componentRefOf(
  client: PortalClient,
  text: string,
): Promise<string> {
  const ref = text.startsWith('component:')
    ? text
    : `component:${(await whoami(client)).tenant.id}/${text}`;
  return parseInput(componentRefSchema, ref);
}
