import { type LoggerService } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  type PermissionPolicy,
  type PolicyQuery,
  type PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  PLATFORM_TENANT,
  platformRoles,
  type Role,
} from '@portico/plugin-tenancy-common';
import { type TenantPrincipal } from '@portico/plugin-tenancy-node';
import { type RequestPrincipals } from '../RequestPrincipals';
import {
  actionsNamed,
  entitiesOf,
  entitiesReadableIn,
  tasksOf,
} from './conditions';
import { type PolicyRow, policyTable } from './policyTable';

const DENY: PolicyDecision = { result: AuthorizeResult.DENY };
const PLATFORM_ROLES: ReadonlySet<Role> = new Set<Role>(platformRoles);
const MOST_REPORTED_NAMES = 1000;

export interface TenantPolicyOptions {
  principals: RequestPrincipals;
  logger: LoggerService;
  /** Ids of the scaffolder actions that tasks may run. */
  scaffolderActions: readonly [string, ...string[]];
}

/**
 * Decides each permission from the policy table and the caller's principal.
 *
 * The answer is no for whatever the table does not name, for a caller who is no live
 * member, and when the decision itself fails.
 */
export class TenantPolicy implements PermissionPolicy {
  readonly #principals: RequestPrincipals;
  readonly #logger: LoggerService;
  readonly #scaffolderActions: readonly [string, ...string[]];
  readonly #reported = new Set<string>();

  constructor(options: TenantPolicyOptions) {
    this.#principals = options.principals;
    this.#logger = options.logger;
    this.#scaffolderActions = options.scaffolderActions;
  }

  /** Never throws. */
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const { name } = request.permission;
    try {
      const row = policyTable.get(name);
      if (!row) {
        this.#reportUnknown(name);
        return DENY;
      }
      if (!user) {
        return DENY;
      }
      return this.#decide(row, await this.#principals.of(user.credentials));
    } catch (error) {
      if (error instanceof Error && error.name === 'AuthenticationError') {
        return DENY;
      }
      this.#logger.error(
        `The decision on ${quote(name)} failed and is answered with no`,
        error instanceof Error ? error : { reason: String(error) },
      );
      return DENY;
    }
  }

  #decide(row: PolicyRow, principal: TenantPrincipal): PolicyDecision {
    if (!mayUse(row, principal)) {
      return DENY;
    }
    switch (row.outcome) {
      case 'allow':
        return { result: AuthorizeResult.ALLOW };
      case 'entities-readable':
        return entitiesReadableIn(principal.tenant);
      case 'entities-own':
        return entitiesOf(principal.tenant);
      case 'tasks-own':
        return tasksOf(principal.userRef);
      case 'actions-listed':
        return actionsNamed(this.#scaffolderActions);
      case 'never':
        return DENY;
      default: {
        const impossible: never = row.outcome;
        throw new Error(`Unknown outcome ${String(impossible)}`);
      }
    }
  }

  #reportUnknown(name: string) {
    // A caller can ask about any name, so each is reported once and not for ever.
    if (
      this.#reported.has(name) ||
      this.#reported.size >= MOST_REPORTED_NAMES
    ) {
      return;
    }
    this.#reported.add(name);
    this.#logger.warn(
      `Permission ${quote(name)} has no row in the policy table and is denied`,
    );
  }
}

function mayUse(row: PolicyRow, principal: TenantPrincipal): boolean {
  if (principal.kind === 'machine') {
    return row.scopes.some(scope => principal.scopes.includes(scope));
  }
  return row.roles.some(
    role =>
      principal.roles.includes(role) &&
      PLATFORM_ROLES.has(role) === (principal.tenant === PLATFORM_TENANT),
  );
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
