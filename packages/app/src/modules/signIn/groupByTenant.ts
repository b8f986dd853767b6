import { type Persona } from '@portico/plugin-tenancy-common';

/** Tenants by title, the platform last: most people are not its staff. */
export function groupByTenant(
  personas: Persona[],
): { tenant: Persona['tenant']; personas: Persona[] }[] {
  const tenants = new Map<
    string,
    { tenant: Persona['tenant']; personas: Persona[] }
  >();
  for (const persona of personas) {
    const entry = tenants.get(persona.tenant.id) ?? {
      tenant: persona.tenant,
      personas: [],
    };
    entry.personas.push(persona);
    tenants.set(persona.tenant.id, entry);
  }
  return [...tenants.values()].sort(
    (one, other) =>
      Number(one.tenant.id === 'default') -
        Number(other.tenant.id === 'default') ||
      one.tenant.title.localeCompare(other.tenant.title),
  );
}
