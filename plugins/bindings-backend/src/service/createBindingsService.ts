import {
  type AuthService,
  type BackstageCredentials,
} from '@backstage/backend-plugin-api';
import {
  type CompoundEntityRef,
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, NotAllowedError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import {
  type BindingKind,
  claimAnnotations,
  covers,
  type Grant,
  matchClaim,
  parseResourceName,
  readClaim,
  systemSchema,
} from '@portico/plugin-bindings-common';
import {
  type Binding,
  type BindingRefusal,
  type BindingResolution,
  type BindingsService,
  type ConfiguredSystem,
  type ResolveOptions,
} from '@portico/plugin-bindings-node';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type CredentialStore } from './CredentialStore';
import { type GrantStore } from './GrantStore';

/** Entities that are looked at for one name; more do not claim the same thing. */
const MOST_ENTITIES_OF_A_NAME = 100;
/** Longer names are in no annotation that the catalog can be asked for. */
const LONGEST_NAME = 250;

/** What resolving needs. */
export interface BindingsServiceOptions {
  auth: Pick<AuthService, 'isPrincipal'>;
  catalog: Pick<CatalogService, 'getEntityByRef' | 'queryEntities'>;
  tenancy: Pick<TenancyService, 'principal'>;
  grants: Pick<GrantStore, 'ofTenant'>;
  credentials: Pick<CredentialStore, 'open'>;
  systems: ReadonlyMap<string, ConfiguredSystem>;
}

/** Resolves what entities are bound to, from their annotations and the grants. */
export function createBindingsService(
  options: BindingsServiceOptions,
): BindingsService {
  const { auth, catalog, tenancy, grants, credentials, systems } = options;

  /** The one tenant that this call may see anything of. */
  async function tenantOf(call: ResolveOptions): Promise<string> {
    if (auth.isPrincipal(call.credentials, 'user')) {
      const { tenant } = await tenancy.principal(call.credentials);
      if (call.tenant !== undefined && call.tenant !== tenant) {
        throw new NotAllowedError(
          'The tenant to resolve for is not the tenant of the caller',
        );
      }
      return tenant;
    }
    if (!auth.isPrincipal(call.credentials, 'service')) {
      throw new NotAllowedError('Nobody signed in, so nothing is resolved');
    }
    if (call.tenant === undefined) {
      throw new InputError(
        'A plugin that resolves by itself has to name the tenant that it works for',
      );
    }
    return call.tenant;
  }

  function bind(
    entity: Entity,
    kind: BindingKind,
    tenant: string,
    granted: readonly Grant[],
  ): BindingResolution {
    const claim = readClaim(kind, entity);
    if (!claim) {
      return refused('no-claim');
    }
    const matched = matchClaim(
      claim,
      granted.flatMap(({ kind: grantKind, system, resource }) => {
        const configured = systems.get(system);
        return configured
          ? [
              {
                kind: grantKind,
                system,
                host: new URL(configured.url).host.toLowerCase(),
                resource,
              },
            ]
          : [];
      }),
    );
    if (typeof matched === 'string') {
      return refused(matched);
    }
    const [first, ...others] = matched.flatMap(({ system, resource }) => {
      const configured = systems.get(system);
      return configured
        ? [
            {
              entityRef: stringifyEntityRef(entity),
              tenant,
              kind,
              system: systemSchema.parse(configured),
              resource,
              claim,
              credential: () => credentials.open({ tenant, system }),
            } satisfies Binding,
          ]
        : [];
    });
    return first
      ? { outcome: 'bound', bindings: [first, ...others] }
      : refused('not-granted');
  }

  return {
    async resolve(entityRef, kind, call) {
      const tenant = await tenantOf(call);
      const ref = toCompoundRef(entityRef);
      if (ref.namespace.toLocaleLowerCase('en-US') !== tenant) {
        return refused('not-found');
      }
      const entity = await catalog.getEntityByRef(ref, {
        credentials: call.credentials,
      });
      if (!entity || entity.metadata.namespace !== tenant) {
        return refused('not-found');
      }
      return bind(entity, kind, tenant, await grants.ofTenant(tenant, kind));
    },

    async resolveByName(kind, name, call) {
      const tenant = await tenantOf(call);
      if (name === '' || name.length > LONGEST_NAME) {
        return [];
      }
      const entities = await findClaiming(catalog, {
        kind,
        name,
        tenant,
        credentials: call.credentials,
      });
      const granted =
        entities.length > 0 ? await grants.ofTenant(tenant, kind) : [];
      const found = new Map<string, Binding>();
      for (const entity of entities) {
        const resolution = bind(entity, kind, tenant, granted);
        if (resolution.outcome === 'bound') {
          for (const binding of resolution.bindings) {
            const key = JSON.stringify([binding.system.name, binding.resource]);
            found.set(key, found.get(key) ?? binding);
          }
        }
      }
      return [...found.values()];
    },

    async granted(kind, call) {
      const granted = await grants.ofTenant(await tenantOf(call), kind);
      return granted
        .filter(({ system }) => systems.has(system))
        .map(({ resource }) => resource);
    },

    async grantedThing(kind, thing, call) {
      const tenant = await tenantOf(call);
      const system = systems.get(thing.system);
      const resource = parseResourceName(kind, thing.resource);
      if (!system || resource === undefined) {
        return undefined;
      }
      const granted = await grants.ofTenant(tenant, kind);
      return granted.some(
        grant =>
          grant.system === system.name &&
          covers(kind, grant.resource, resource),
      )
        ? {
            tenant,
            kind,
            system: systemSchema.parse(system),
            resource,
            credential: () => credentials.open({ tenant, system: system.name }),
          }
        : undefined;
    },

    async systems(kind, call) {
      const granted = await grants.ofTenant(await tenantOf(call));
      const names = new Set(granted.map(({ system }) => system));
      // The schema leaves out what only the backend knows of a system.
      return [...systems.values()]
        .filter(system => system.kind === kind && names.has(system.name))
        .map(system => systemSchema.parse(system));
    },
  };
}

/** Entities of the tenant, readable by the caller, with an annotation of exactly this name. */
async function findClaiming(
  catalog: BindingsServiceOptions['catalog'],
  wanted: {
    kind: BindingKind;
    name: string;
    tenant: string;
    credentials: BackstageCredentials;
  },
): Promise<Entity[]> {
  const { kind, name, tenant, credentials } = wanted;
  const annotations = claimAnnotations(kind);
  const { items } = await catalog.queryEntities(
    {
      filter: annotations.map(annotation => ({
        'metadata.namespace': tenant,
        [`metadata.annotations.${annotation}`]: name,
      })),
      limit: MOST_ENTITIES_OF_A_NAME,
    },
    { credentials },
  );
  // The catalog compares without case, and the namespace once more costs nothing.
  return items.filter(
    ({ metadata }) =>
      metadata.namespace === tenant &&
      annotations.some(
        annotation => metadata.annotations?.[annotation] === name,
      ),
  );
}

function toCompoundRef(ref: string | CompoundEntityRef): CompoundEntityRef {
  return typeof ref === 'string' ? parseEntityRef(ref) : ref;
}

function refused(reason: BindingRefusal): BindingResolution {
  return { outcome: 'refused', reason };
}
