import {
  type AuthService,
  type BackstageCredentials,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  AuthenticationError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import { parseEntityRef } from '@backstage/catalog-model';
import { anonymousAuditContext } from '@portico/plugin-audit-node';
import {
  gitHostRepositoryReadPermission,
  gitHostRepositoryWritePermission,
} from '@portico/plugin-git-host-common';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type Request } from 'express';
import { decideAccess, type GitHostCaller } from './decideAccess';

/** A caller and, unless a machine token came straight to the door, their credentials. */
export interface AuthenticatedCaller extends GitHostCaller {
  credentials: BackstageCredentials | undefined;
}

const MACHINE_TOKEN_PREFIX = 'portico_';
/** No token of ours is longer. */
const MAX_TOKEN_LENGTH = 16_384;

/** Tells who asks, and whether they may: for all doors of the Git host. */
export class RepositoryAuthorizer {
  readonly #auth: AuthService;
  readonly #tenancy: TenancyService;
  readonly #permissions: PermissionsService;

  constructor(options: {
    auth: AuthService;
    tenancy: TenancyService;
    permissions: PermissionsService;
  }) {
    this.#auth = options.auth;
    this.#tenancy = options.tenancy;
    this.#permissions = options.permissions;
  }

  /**
   * The caller behind the header `Authorization`: `Basic` with a token as password,
   * `Bearer` or Gitea's `token`; a machine token or a portal token of a user.
   *
   * @throws AuthenticationError without one, or when it does not count
   */
  async fromRequest(request: Request): Promise<AuthenticatedCaller> {
    const token = readToken(request.headers.authorization);
    if (!token || token.length > MAX_TOKEN_LENGTH) {
      throw new AuthenticationError('A token is needed');
    }
    if (token.startsWith(MACHINE_TOKEN_PREFIX)) {
      const { userRef, scopes } =
        await this.#tenancy.directory.findByMachineToken(
          token,
          anonymousAuditContext(request),
        );
      return {
        userRef,
        tenant: parseEntityRef(userRef).namespace,
        kind: 'machine',
        roles: [],
        scopes,
        credentials: undefined,
      };
    }
    let credentials: BackstageCredentials;
    try {
      credentials = await this.#auth.authenticate(token);
    } catch (error) {
      throw new AuthenticationError('The token does not count', error);
    }
    return this.fromCredentials(credentials);
  }

  /** @throws AuthenticationError when the credentials are no user's */
  async fromCredentials(
    credentials: BackstageCredentials,
  ): Promise<AuthenticatedCaller> {
    if (!this.#auth.isPrincipal(credentials, 'user')) {
      throw new AuthenticationError('Only people and machines of a tenant');
    }
    const { userRef, tenant, kind, roles, scopes } =
      await this.#tenancy.principal(credentials);
    return { userRef, tenant, kind, roles, scopes, credentials };
  }

  /**
   * @throws NotFoundError for another tenant's repository, NotAllowedError where
   *   the caller may see it but not do this
   */
  async authorize(
    caller: AuthenticatedCaller,
    action: 'read' | 'write',
    address: RepositoryAddress,
  ): Promise<void> {
    const decision = decideAccess(caller, action, address);
    switch (decision.result) {
      case 'absent':
        throw new NotFoundError('No such repository');
      case 'forbidden':
        throw new NotAllowedError(decision.reason);
      case 'allowed':
        break;
      default:
        throw new NotAllowedError(unknownDecision(decision));
    }
    if (caller.credentials) {
      await this.#askPolicy(
        action === 'read'
          ? gitHostRepositoryReadPermission
          : gitHostRepositoryWritePermission,
        caller.credentials,
      );
    }
  }

  async #askPolicy(
    permission: BasicPermission,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials,
    });
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `Your roles do not include the permission ${permission.name}`,
      );
    }
  }
}

/** The token of an `Authorization` header, whatever its form. */
export function readToken(header: string | undefined): string | undefined {
  const match = /^(basic|bearer|token) +([^\s]+)$/i.exec(header ?? '');
  if (!match) {
    return undefined;
  }
  if (match[1].toLowerCase() !== 'basic') {
    return match[2];
  }
  const pair = Buffer.from(match[2], 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  // Some clients send a token as the name and nothing or a fixed word as password.
  const name = colon < 0 ? pair : pair.slice(0, colon);
  const password = colon < 0 ? '' : pair.slice(colon + 1);
  return password === '' || password === 'x-oauth-basic'
    ? name || undefined
    : password;
}

function unknownDecision(decision: never): string {
  return `Unknown decision ${JSON.stringify(decision)}`;
}
