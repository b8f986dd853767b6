import {
  type BackstageCredentials,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import { type AuditContext } from '@portico/plugin-audit-node';
import {
  type Identity,
  type MachineScope,
  type Persona,
  type Refusal,
  type Role,
  type SessionMethod,
  type Source,
} from '@portico/plugin-tenancy-common';

/** Who a user token stands for, as the tables say now. */
export interface TenantPrincipal {
  /** The active tenant: the namespace of the user ref. */
  tenant: string;
  userRef: string;
  displayName: string;
  kind: 'person' | 'machine';
  roles: Role[];
  /** Refs of the groups, such as `group:aurora/checkout`. */
  groups: string[];
  /** For machines only: what the token may be used for. */
  scopes: MachineScope[];
  /** Grows with each change of roles, groups or state. */
  membershipVersion: number;
  /** When the person last showed who they are, where the sign-in tells. */
  authenticatedAt?: Date;
}

export interface TenancySessions {
  /**
   * Records an issued user token; without this record the token is refused.
   *
   * @throws ConflictError when a session of the same user and second was ended:
   *   issue another token a second later
   */
  start(session: {
    userRef: string;
    /** Seconds since the epoch, the token's `iat`. */
    issuedAt: number;
    expiresAt: number;
    method: SessionMethod;
    /** For machine tokens: the scopes that the session is bounded by. */
    scopes?: MachineScope[];
    /** Seconds since the epoch at which the person showed who they are, where that is known. */
    authenticatedAt?: number;
    /** The request of the sign-in; who it is, is the session's user. */
    by: AuditContext;
  }): Promise<void>;

  /**
   * Records that a sign-in was refused though an identity was proven, or named by a
   * persona. A flood of refusals becomes one entry a minute.
   */
  refuse(attempt: {
    method: SessionMethod;
    /** Why, in words without personal data. */
    reason: string;
    who: { userRef: string } | { identity: Identity };
    by: AuditContext;
  }): Promise<void>;

  /**
   * The principal of a live session.
   *
   * @throws AuthenticationError when the session is unknown, ended or expired,
   *   or when the member is disabled or gone
   */
  check(session: {
    userRef: string;
    issuedAt: number;
  }): Promise<TenantPrincipal>;

  /** Ends one session, or all sessions of the user without `issuedAt`. */
  end(session: {
    userRef: string;
    issuedAt?: number;
    by: AuditContext;
  }): Promise<void>;
}

/** What a scan of a source found. */
export interface SourceScan {
  tenant: string;
  source: string;
  /** Commit or etag that was read. */
  revision: string;
  entities: Array<{ entity: Entity; file: string; line: number }>;
  refusals: Refusal[];
}

/** What the catalog has to change. */
export interface SourceDelta {
  added: Array<{ tenant: string; source: string; entity: Entity }>;
  /** Refs, and the source that they came from. */
  removed: Array<{ tenant: string; source: string; entityRef: string }>;
}

export interface TenancySources {
  /** All sources of all tenants, or of one. */
  list(options?: { tenant?: string }): Promise<Source[]>;
  get(address: { tenant: string; name: string }): Promise<Source | undefined>;
  /**
   * Registers a source; the same registration again is accepted.
   *
   * @throws ConflictError when the name or the location is taken
   */
  register(source: {
    tenant: string;
    name: string;
    location: Source['location'];
    registeredBy: string;
    by: AuditContext;
  }): Promise<Source>;
  /** Removes a source and returns what leaves the catalog (and who inherits claims). */
  remove(options: {
    tenant: string;
    name: string;
    by: AuditContext;
  }): Promise<SourceDelta>;
  /**
   * Replaces the last good set of a source in one transaction and settles the
   * claims: the first source of a tenant that declares a ref keeps it; the second
   * gets a refusal with file and line, and inherits the ref when the first lets go.
   */
  recordScan(scan: SourceScan): Promise<SourceDelta>;
  /** Records that a source could not be read; its last good set stays. */
  recordUnreadable(options: {
    tenant: string;
    source: string;
    reason: string;
  }): Promise<void>;
  /**
   * The last good set of every source, claims settled, for a full mutation; with a
   * selection only these tenants' entities of this kind (lower case).
   */
  lastGood(selection?: {
    tenants: readonly string[];
    kind: string;
  }): Promise<SourceDelta['added']>;
  refusals(address: { tenant: string; name: string }): Promise<Refusal[]>;
}

/** A member as the tables say now. */
export interface DirectoryMember {
  userRef: string;
  displayName: string;
  kind: 'person' | 'machine';
  email?: string;
  /** Own roles, and those of the groups. */
  roles: Role[];
  /** Refs of the groups, such as `group:aurora/checkout`. */
  groups: string[];
  /** Refs of the groups that these lie below, at any depth. */
  groupsAbove?: string[];
}

export interface TenancyDirectory {
  /** The members of a tenant, by name; disabled ones are left out. */
  members(tenant: string): Promise<DirectoryMember[]>;
  /** User and Group entities of every tenant, with namespace, for the provider. */
  entities(): Promise<Array<{ tenant: string; entity: Entity }>>;
  /** Members with a persona identity; for development only. */
  personas(): Promise<Persona[]>;
  /** User refs of one person in all tenants; disabled members are left out. */
  findByIdentity(identity: Identity): Promise<string[]>;
  /**
   * The machine that a token stands for.
   *
   * @throws AuthenticationError when it is unknown, expired or revoked
   */
  findByMachineToken(
    token: string,
    by: AuditContext,
  ): Promise<{ userRef: string; scopes: MachineScope[] }>;
  /**
   * The user who approved a device's request, and when they had shown who they are (seconds
   * since the epoch) where that is known; each code can be taken once.
   *
   * @throws AuthenticationError when it is unknown, expired, taken, or not approved yet
   */
  takeDeviceGrant(
    deviceCode: string,
    by: AuditContext,
  ): Promise<{ userRef: string; authenticatedAt?: number }>;
}

/**
 * Tenants, people, sources and sessions, for every backend part in the process.
 *
 * It reads PostgreSQL on each call, so that a change counts on the next request.
 */
export interface TenancyService {
  readonly sessions: TenancySessions;
  readonly sources: TenancySources;
  readonly directory: TenancyDirectory;
  /**
   * The principal behind a user's credentials.
   *
   * @throws AuthenticationError when they are no user's, or the session is over
   */
  principal(credentials: BackstageCredentials): Promise<TenantPrincipal>;
}

/** The tenancy service; its factory comes with the tenancy backend plugin. */
export const tenancyServiceRef = createServiceRef<TenancyService>({
  id: 'portico.tenancy',
  scope: 'root',
});
