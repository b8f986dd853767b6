import {
  type Directory,
  type Group,
  type MachineToken,
  type Me,
  type Member,
  type Session,
  type Source,
  type Tenant,
} from '@portico/plugin-tenancy-common';
import { type SourceRefusal, type TenancyApi } from '../api/TenancyApi';

const createdAt = '2026-11-01T08:00:00.000Z';

export const aurora: Tenant = { id: 'aurora', title: 'Aurora', createdAt };
export const borealis: Tenant = {
  id: 'borealis',
  title: 'Borealis',
  createdAt,
};

export const alex: Me = {
  userRef: 'user:aurora/alex',
  displayName: 'Alex Okafor',
  tenant: aurora,
  roles: ['tenant-admin'],
  groups: ['group:aurora/retail'],
  memberships: [{ tenant: aurora, userRef: 'user:aurora/alex' }],
};

/** What the portal of a test holds; changes are made to it in place. */
export interface TenancyState {
  me: Me;
  tenants: Tenant[];
  sources: Source[];
  refusals: SourceRefusal[];
  members: Member[];
  groups: Group[];
  tokens: MachineToken[];
  directory: Directory | undefined;
  sessions: Session[];
}

/** A tenancy API on plain data that remembers what it was told. */
export function createTenancyApiMock(
  initial: Partial<TenancyState> = {},
): jest.Mocked<TenancyApi> & { state: TenancyState } {
  const state: TenancyState = {
    me: alex,
    tenants: [aurora, borealis],
    sources: [],
    refusals: [],
    members: [],
    groups: [],
    tokens: [],
    directory: undefined,
    sessions: [],
    ...initial,
  };
  return {
    state,
    me: jest.fn<ReturnType<TenancyApi['me']>, Parameters<TenancyApi['me']>>(
      async () => state.me,
    ),
    personas: jest.fn<
      ReturnType<TenancyApi['personas']>,
      Parameters<TenancyApi['personas']>
    >(async () => []),
    tenants: jest.fn<
      ReturnType<TenancyApi['tenants']>,
      Parameters<TenancyApi['tenants']>
    >(async () => state.tenants),
    createTenant: jest.fn<
      ReturnType<TenancyApi['createTenant']>,
      Parameters<TenancyApi['createTenant']>
    >(async tenant => {
      state.tenants.push({ ...tenant, createdAt });
    }),
    sources: jest.fn<
      ReturnType<TenancyApi['sources']>,
      Parameters<TenancyApi['sources']>
    >(async () => state.sources),
    putSource: jest.fn<
      ReturnType<TenancyApi['putSource']>,
      Parameters<TenancyApi['putSource']>
    >(async (tenant, name, { location }) => {
      const source: Source = {
        tenant,
        name,
        createdAt,
        location:
          location.kind === 'url'
            ? location
            : { branch: 'main', path: 'catalog-info.yaml', ...location },
      };
      state.sources.push(source);
      return { source };
    }),
    readSource: jest.fn<
      ReturnType<TenancyApi['readSource']>,
      Parameters<TenancyApi['readSource']>
    >(async () => undefined),
    removeSource: jest.fn<
      ReturnType<TenancyApi['removeSource']>,
      Parameters<TenancyApi['removeSource']>
    >(async (_, name) => {
      state.sources = state.sources.filter(source => source.name !== name);
    }),
    refusals: jest.fn<
      ReturnType<TenancyApi['refusals']>,
      Parameters<TenancyApi['refusals']>
    >(async () => state.refusals),
    members: jest.fn<
      ReturnType<TenancyApi['members']>,
      Parameters<TenancyApi['members']>
    >(async () => state.members),
    putMember: jest.fn<
      ReturnType<TenancyApi['putMember']>,
      Parameters<TenancyApi['putMember']>
    >(async (tenant, name, { disabled, identity, ...member }) => {
      state.members = [
        ...state.members.filter(other => other.name !== name),
        {
          groups: [],
          ...member,
          tenant,
          name,
          kind: 'person',
          ...(disabled && { disabledAt: createdAt }),
        },
      ];
    }),
    groups: jest.fn<
      ReturnType<TenancyApi['groups']>,
      Parameters<TenancyApi['groups']>
    >(async () => state.groups),
    putGroup: jest.fn<
      ReturnType<TenancyApi['putGroup']>,
      Parameters<TenancyApi['putGroup']>
    >(async (tenant, name, group) => {
      state.groups.push({
        type: 'team',
        roles: [],
        ...group,
        tenant,
        name,
      });
    }),
    removeGroup: jest.fn<
      ReturnType<TenancyApi['removeGroup']>,
      Parameters<TenancyApi['removeGroup']>
    >(async (_, name) => {
      state.groups = state.groups.filter(group => group.name !== name);
    }),
    tokens: jest.fn<
      ReturnType<TenancyApi['tokens']>,
      Parameters<TenancyApi['tokens']>
    >(async () => state.tokens),
    createToken: jest.fn<
      ReturnType<TenancyApi['createToken']>,
      Parameters<TenancyApi['createToken']>
    >(async (tenant, { name, scopes }) => {
      const machineToken: MachineToken = {
        tenant,
        id: name,
        name,
        scopes,
        createdBy: state.me.userRef,
        createdAt,
        expiresAt: '2999-01-01T00:00:00.000Z',
      };
      state.tokens = [...state.tokens, machineToken];
      return { token: `portico_${tenant}_${name}_secret`, machineToken };
    }),
    revokeToken: jest.fn<
      ReturnType<TenancyApi['revokeToken']>,
      Parameters<TenancyApi['revokeToken']>
    >(async (_, id) => {
      state.tokens = state.tokens.map(token =>
        token.id === id ? { ...token, revokedAt: createdAt } : token,
      );
    }),
    directory: jest.fn<
      ReturnType<TenancyApi['directory']>,
      Parameters<TenancyApi['directory']>
    >(async () => state.directory),
    connectDirectory: jest.fn<
      ReturnType<TenancyApi['connectDirectory']>,
      Parameters<TenancyApi['connectDirectory']>
    >(async (tenant, { issuer, subject = 'externalId' }) => {
      state.directory = {
        kind: 'scim',
        issuer,
        subject,
        address: `https://portal.example.org/api/tenancy/scim/${tenant}/v2`,
        people: 0,
        groups: 0,
        tokens: [],
      };
    }),
    disconnectDirectory: jest.fn<
      ReturnType<TenancyApi['disconnectDirectory']>,
      Parameters<TenancyApi['disconnectDirectory']>
    >(async () => {
      state.directory = undefined;
    }),
    createDirectoryToken: jest.fn<
      ReturnType<TenancyApi['createDirectoryToken']>,
      Parameters<TenancyApi['createDirectoryToken']>
    >(async tenant => {
      const directoryToken = {
        id: '0123456789abcdef',
        createdBy: state.me.userRef,
        createdAt,
        expiresAt: '2999-01-01T00:00:00.000Z',
      };
      if (state.directory) {
        const { tokens } = state.directory;
        state.directory = {
          ...state.directory,
          tokens: [...tokens, directoryToken],
        };
      }
      return { token: `portico-scim_${tenant}_secret`, directoryToken };
    }),
    revokeDirectoryToken: jest.fn<
      ReturnType<TenancyApi['revokeDirectoryToken']>,
      Parameters<TenancyApi['revokeDirectoryToken']>
    >(async (_, id) => {
      if (state.directory) {
        state.directory = {
          ...state.directory,
          tokens: state.directory.tokens.map(token =>
            token.id === id ? { ...token, revokedAt: createdAt } : token,
          ),
        };
      }
    }),
    deviceRequest: jest.fn<
      ReturnType<TenancyApi['deviceRequest']>,
      Parameters<TenancyApi['deviceRequest']>
    >(async userCode => ({
      userCode,
      client: 'portico CLI',
      status: 'pending' as const,
      requestedAt: createdAt,
      expiresAt: createdAt,
    })),
    approveDevice: jest.fn<
      ReturnType<TenancyApi['approveDevice']>,
      Parameters<TenancyApi['approveDevice']>
    >(async () => undefined),
    ownSessions: jest.fn<
      ReturnType<TenancyApi['ownSessions']>,
      Parameters<TenancyApi['ownSessions']>
    >(async () => ({ items: state.sessions, hasMore: false })),
    endOwnSession: jest.fn<
      ReturnType<TenancyApi['endOwnSession']>,
      Parameters<TenancyApi['endOwnSession']>
    >(async issuedAt => {
      state.sessions = state.sessions.filter(
        session => session.issuedAt !== issuedAt,
      );
    }),
    sessions: jest.fn<
      ReturnType<TenancyApi['sessions']>,
      Parameters<TenancyApi['sessions']>
    >(async (_, member) => ({
      items: state.sessions.filter(
        session => member === undefined || session.member === member,
      ),
      hasMore: false,
    })),
    endMemberSessions: jest.fn<
      ReturnType<TenancyApi['endMemberSessions']>,
      Parameters<TenancyApi['endMemberSessions']>
    >(async (_, member, issuedAt) => {
      state.sessions = state.sessions.filter(
        session =>
          session.member !== member ||
          (issuedAt !== undefined && session.issuedAt !== issuedAt),
      );
    }),
    endSession: jest.fn<
      ReturnType<TenancyApi['endSession']>,
      Parameters<TenancyApi['endSession']>
    >(async () => undefined),
  };
}
