import { parseEntityRef } from '@backstage/catalog-model';
import { type Persona } from '@portico/plugin-tenancy-common';
import { samples } from '../tour';

/** The people of a tenant: those who lead through the sample first, in their order. */
export interface TenantPersonas {
  tenant: Persona['tenant'];
  guides: Persona[];
  others: Persona[];
}

/** Tenants by title, the platform last: most people are not its staff. */
export function groupByTenant(personas: Persona[]): TenantPersonas[] {
  const tenants = new Map<string, Persona[]>();
  for (const persona of personas) {
    const known = tenants.get(persona.tenant.id);
    if (known) {
      known.push(persona);
    } else {
      tenants.set(persona.tenant.id, [persona]);
    }
  }
  return [...tenants.values()]
    .map(ofTenant)
    .sort(
      (one, other) =>
        Number(one.tenant.id === 'default') -
          Number(other.tenant.id === 'default') ||
        one.tenant.title.localeCompare(other.tenant.title),
    );
}

/** Where nobody leads through a sample, everybody does. */
function ofTenant(personas: Persona[]): TenantPersonas {
  const [{ tenant }] = personas;
  const names = samples[tenant.id]?.guides ?? [];
  const guides = names.flatMap(name =>
    personas.filter(({ userRef }) => parseEntityRef(userRef).name === name),
  );
  return guides.length === 0
    ? { tenant, guides: personas, others: [] }
    : {
        tenant,
        guides,
        others: personas.filter(persona => !guides.includes(persona)),
      };
}
