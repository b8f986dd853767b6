import {
  type BackstageCredentials,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { type CompoundEntityRef } from '@backstage/catalog-model';
import {
  type BindingKind,
  type Claim,
  type System,
  type SystemKind,
} from '@portico/plugin-bindings-common';

/** What a tenant uses a system with. Never log it, never answer with it. */
export interface Credential {
  token: string;
  username?: string;
}

/** A thing of an external system that an entity claims and its tenant was granted. */
export interface Binding {
  /** Ref of the entity, such as `component:aurora/checkout`. */
  entityRef: string;
  tenant: string;
  kind: BindingKind;
  system: System;
  /** The thing itself, such as the namespace `aurora-prod`; never a pattern. */
  resource: string;
  /** What the entity's annotations say beside it; text of the tenant, so encode it. */
  claim: Claim;
  /** The tenant's own credential for the system; undefined when it has set none. */
  credential(): Promise<Credential | undefined>;
}

/** A thing that the tenant was granted, and that no entity claims. */
export type GrantedThing = Omit<Binding, 'entityRef' | 'claim'>;

/**
 * Why nothing is bound.
 *
 * - `not-found`: the caller can read no such entity; the same for one of another tenant
 *   and for none
 * - `no-claim`: no annotation of the entity is about this kind
 * - `not-granted`: the tenant was not granted what the entity claims
 * - `incomplete`: the grant is for many names, and the claim does not say which
 */
export type BindingRefusal =
  | 'not-found'
  | 'no-claim'
  | 'not-granted'
  | 'incomplete';

/** What an entity is bound to, or why to nothing. */
export type BindingResolution =
  | { outcome: 'bound'; bindings: [Binding, ...Binding[]] }
  | { outcome: 'refused'; reason: BindingRefusal };

/** On whose behalf is resolved. */
export interface ResolveOptions {
  /** Of the user; or of the plugin itself, which then has to name the tenant. */
  credentials: BackstageCredentials;
  /** For a plugin by itself: the tenant that it works for at this moment. */
  tenant?: string;
}

/**
 * The way to every external system: it says what an entity may be shown of it.
 *
 * An entity's annotations are only claims. Call this with the credentials of the caller
 * before any request to a system, and use nothing but what it answers with.
 */
export interface BindingsService {
  /**
   * What an entity is bound to: read access to the entity is checked, then the grant.
   *
   * Several bindings come back where the entity lives in several systems, such as a
   * namespace in each of two clusters.
   */
  resolve(
    entityRef: string | CompoundEntityRef,
    kind: BindingKind,
    options: ResolveOptions,
  ): Promise<BindingResolution>;

  /**
   * Looks a name up that came from a browser, such as that of an Argo CD application:
   * only among the claims of entities of the caller's tenant.
   *
   * @returns the bindings of all entities that claim the name, each thing once; none for
   *   a name of another tenant and for none alike
   */
  resolveByName(
    kind: BindingKind,
    name: string,
    options: ResolveOptions,
  ): Promise<Binding[]>;

  /**
   * What the caller's tenant was granted of a kind, for what an entity claims otherwise
   * than by an annotation, such as the servers of an API.
   */
  granted(kind: BindingKind, options: ResolveOptions): Promise<string[]>;

  /**
   * A thing that is named otherwise than by an annotation, such as the organisation of the
   * repository that an environment names.
   *
   * @returns undefined when the caller's tenant was not granted it
   */
  grantedThing(
    kind: BindingKind,
    thing: { system: string; resource: string },
    options: ResolveOptions,
  ): Promise<GrantedThing | undefined>;

  /** The systems of a kind that the caller's tenant was granted anything in. */
  systems(kind: SystemKind, options: ResolveOptions): Promise<System[]>;
}

/** The bindings service; its factory comes with the bindings backend plugin. */
export const bindingsServiceRef = createServiceRef<BindingsService>({
  id: 'portico.bindings',
});
