import { z } from 'zod';
import { createComponent } from './createComponent';
import { createOrganisation } from './createOrganisation';
import { type DemoOrganisation, organisations } from './organisations';
import { PortalClient } from './PortalClient';
import { waitFor } from './waitFor';

const PLATFORM_ADMIN = 'user:default/pat';
const TEMPLATE_PATH =
  '/api/catalog/entities/by-name/template/default/typescript-service';
const TEMPLATE_LIMIT_MILLISECONDS = 60_000;

/** What a run of the demo made, and what was there already. */
export interface DemoResult {
  /** Refs and tenant ids. */
  created: string[];
  existing: string[];
}

/**
 * Makes the sample organisations through the portal's own HTTP API: tenants and
 * people as the platform's administrator, components by the golden path as a developer
 * of the tenant. What is there is skipped, so it can be run again at any time, and a
 * run that was cut off is gone on with.
 *
 * @param options.baseUrl - address of a running portal with personas, without a slash at the end
 * @param options.onProgress - gets a line for people after each step
 * @throws Error naming what could not be made, and why, after all the rest was tried
 */
export async function runDemo(options: {
  baseUrl: string;
  onProgress?: (text: string) => void;
  signal?: AbortSignal;
}): Promise<DemoResult> {
  const { baseUrl, onProgress = () => {} } = options;
  const signal = options.signal ?? new AbortController().signal;
  const as = (userRef: string) =>
    new PortalClient(userRef, { baseUrl, signal });
  const result: DemoResult = { created: [], existing: [] };
  const failures: string[] = [];

  const platform = as(PLATFORM_ADMIN);
  for (const organisation of organisations) {
    const outcome = await createOrganisation(platform, organisation);
    result[outcome].push(organisation.id);
    if (outcome === 'created') {
      onProgress(`${organisation.title}: organisation, teams and people made.`);
    }
  }

  const makeComponents = async (organisation: DemoOrganisation) => {
    const { id: tenant, title, creator, components } = organisation;
    const client = as(`user:${tenant}/${creator}`);
    for (const [index, component] of components.entries()) {
      const place = `${title}: ${component.name} (${index + 1} of ${
        components.length
      })`;
      try {
        const outcome = await createComponent({
          client,
          tenant,
          component,
          signal,
        });
        result[outcome].push(`component:${tenant}/${component.name}`);
        if (outcome === 'created') {
          onProgress(`${place} made.`);
        }
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        failures.push(`${tenant}/${component.name}: ${reason}`);
        onProgress(`${place} could not be made.`);
      }
    }
  };

  // The golden path arrives in the catalog shortly after the portal answers.
  await waitFor(() => platform.find(TEMPLATE_PATH, z.unknown()), {
    what: 'The template template:default/typescript-service',
    limitMilliseconds: TEMPLATE_LIMIT_MILLISECONDS,
    pollMilliseconds: 250,
    signal,
  });
  // The tenants at once; within one, in turn: they share a deployments repository.
  await Promise.all(organisations.map(makeComponents));

  if (failures.length > 0) {
    throw new Error(
      `${
        failures.length
      } of the demo's components could not be made.\n${failures.join('\n')}\n`,
    );
  }
  return result;
}
