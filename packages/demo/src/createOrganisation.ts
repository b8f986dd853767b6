import {
  groupListSchema,
  memberListSchema,
  PERSONA_ISSUER,
  tenantListSchema,
  tenantSchema,
} from '@portico/plugin-tenancy-common';
import { inTurn } from './inTurn';
import { type DemoOrganisation } from './organisations';
import { type PortalClient } from './PortalClient';

const PEOPLE_AT_ONCE = 4;

/**
 * Makes the tenant, its groups and its people, as far as they are missing. What is
 * there stays as it is, also where somebody changed it.
 *
 * @returns whether there was something to do
 */
export async function createOrganisation(
  platform: PortalClient,
  organisation: DemoOrganisation,
): Promise<'created' | 'existing'> {
  const { id, title, groups, people } = organisation;
  let created = false;

  const tenants = await platform.get('/api/tenancy/tenants', tenantListSchema);
  if (!tenants.items.some(tenant => tenant.id === id)) {
    await platform.post('/api/tenancy/tenants', { id, title }, tenantSchema);
    created = true;
  }

  const path = `/api/tenancy/tenants/${id}`;
  const knownGroups = await platform.get(`${path}/groups`, groupListSchema);
  // In the order of the data: a parent comes before its groups.
  for (const [name, group] of Object.entries(groups)) {
    if (!knownGroups.items.some(known => known.name === name)) {
      await platform.put(`${path}/groups/${name}`, group);
      created = true;
    }
  }

  const members = await platform.get(`${path}/members`, memberListSchema);
  const missing = Object.entries(people).filter(
    ([name]) => !members.items.some(known => known.name === name),
  );
  // Whoever opens the portal now chooses among them.
  await inTurn(missing, PEOPLE_AT_ONCE, async ([name, person]) => {
    await platform.put(`${path}/members/${name}`, {
      ...person,
      identity: { issuer: PERSONA_ISSUER, subject: `user:${id}/${name}` },
    });
    created = true;
  });
  return created ? 'created' : 'existing';
}
