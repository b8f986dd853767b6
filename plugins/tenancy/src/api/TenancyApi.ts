import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type CreatedDirectoryToken,
  type CreateDirectoryToken,
  type Directory,
  type PutDirectory,
  type CreatedMachineToken,
  type CreateMachineToken,
  type CreateTenant,
  type DeviceRequest,
  type Group,
  type MachineToken,
  type Me,
  type Member,
  type Persona,
  type PutGroup,
  type PutMember,
  type PutSource,
  type PutSourceResult,
  type Session,
  type Source,
  type SourceRefusalList,
  type Tenant,
} from '@portico/plugin-tenancy-common';

/** A refused part of a catalog file, with the source that it lies in. */
export type SourceRefusal = SourceRefusalList['items'][number];

/** Sessions that are not over, newest first; of very many, only the newest. */
export interface SessionPage {
  items: Session[];
  hasMore: boolean;
}

/**
 * The tenancy backend as the browser sees it.
 *
 * Each method throws a `ResponseError` when the portal refuses: 401 and 403 where the
 * caller may not, 404 where the tenant or the thing is not the caller's to see.
 */
export interface TenancyApi {
  /** Who the caller is, in which tenant, and where else they belong. */
  me(): Promise<Me>;
  /** The personas of a portal in development; needs no sign-in. */
  personas(): Promise<Persona[]>;

  tenants(): Promise<Tenant[]>;
  createTenant(tenant: CreateTenant): Promise<void>;

  sources(tenant: string): Promise<Source[]>;
  putSource(
    tenant: string,
    name: string,
    source: PutSource,
  ): Promise<PutSourceResult>;
  readSource(tenant: string, name: string): Promise<void>;
  removeSource(tenant: string, name: string): Promise<void>;
  refusals(tenant: string): Promise<SourceRefusal[]>;

  members(tenant: string): Promise<Member[]>;
  putMember(tenant: string, name: string, member: PutMember): Promise<void>;
  groups(tenant: string): Promise<Group[]>;
  putGroup(tenant: string, name: string, group: PutGroup): Promise<void>;
  removeGroup(tenant: string, name: string): Promise<void>;

  tokens(tenant: string): Promise<MachineToken[]>;
  createToken(
    tenant: string,
    token: CreateMachineToken,
  ): Promise<CreatedMachineToken>;
  revokeToken(tenant: string, id: string): Promise<void>;

  /** Where people and groups come from besides by hand; undefined where from nowhere. */
  directory(tenant: string): Promise<Directory | undefined>;
  connectDirectory(tenant: string, directory: PutDirectory): Promise<void>;
  disconnectDirectory(tenant: string): Promise<void>;
  createDirectoryToken(
    tenant: string,
    token: CreateDirectoryToken,
  ): Promise<CreatedDirectoryToken>;
  revokeDirectoryToken(tenant: string, id: string): Promise<void>;

  deviceRequest(userCode: string): Promise<DeviceRequest>;
  approveDevice(userCode: string): Promise<void>;

  ownSessions(): Promise<SessionPage>;
  endOwnSession(issuedAt: number): Promise<void>;
  /** Sessions of a tenant, or of one member. */
  sessions(tenant: string, member?: string): Promise<SessionPage>;
  /** Ends one session of a member, or all of them. */
  endMemberSessions(
    tenant: string,
    member: string,
    issuedAt?: number,
  ): Promise<void>;

  /** Ends the session on the server: its token is refused from then on. */
  endSession(): Promise<void>;
}

/** The tenancy backend. */
export const tenancyApiRef = createApiRef<TenancyApi>().with({
  id: 'plugin.tenancy.client',
  pluginId: 'tenancy',
});
