import {
  type AuthService,
  type BackstageCredentials,
  type BackstageUserPrincipal,
  type PermissionsService,
  type PermissionsServiceRequestOptions,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type AuthorizePermissionRequest,
  type AuthorizePermissionResponse,
  isResourcePermission,
  type Permission,
  type PolicyDecision,
  type QueryPermissionRequest,
} from '@backstage/plugin-permission-common';
import { type PermissionPolicy } from '@backstage/plugin-permission-node';
import {
  type ApplyDecision,
  type RecordedResources,
} from './RecordedResources';

const DENY = { result: AuthorizeResult.DENY } as const;

export interface PolicyPermissionsOptions {
  auth: Pick<AuthService, 'isPrincipal'>;
  policy: PermissionPolicy;
  recorded: RecordedResources;
  /** Decides for services, and for resources of plugins in other processes. */
  stock: PermissionsService;
}

/** Loads all resources of one type at once that a batch of requests is about. */
class ResourceBatch {
  readonly #recorded: RecordedResources;
  readonly #refs = new Map<string, Set<string>>();
  readonly #loaded = new Map<string, Promise<ApplyDecision>>();

  constructor(
    recorded: RecordedResources,
    requests: AuthorizePermissionRequest[],
  ) {
    this.#recorded = recorded;
    for (const request of requests) {
      if ('resourceRef' in request && request.resourceRef !== undefined) {
        const { resourceType } = request.permission;
        const refs = this.#refs.get(resourceType) ?? new Set();
        this.#refs.set(resourceType, refs.add(request.resourceRef));
      }
    }
  }

  load(resourceType: string): Promise<ApplyDecision> {
    const loaded =
      this.#loaded.get(resourceType) ??
      this.#recorded.load(resourceType, [
        ...(this.#refs.get(resourceType) ?? []),
      ]);
    this.#loaded.set(resourceType, loaded);
    return loaded;
  }
}

/**
 * Decides users' permissions in process, with the policy that the permission backend has.
 *
 * Services are decided by the stock client from their access restrictions. Whoever has
 * no credentials is denied.
 */
export class PolicyPermissions implements PermissionsService {
  readonly #options: PolicyPermissionsOptions;

  constructor(options: PolicyPermissionsOptions) {
    this.#options = options;
  }

  async authorizeConditional(
    requests: QueryPermissionRequest[],
    options?: PermissionsServiceRequestOptions,
  ): Promise<PolicyDecision[]> {
    const { auth, stock } = this.#options;
    const credentials = credentialsOf(options);
    if (credentials && auth.isPrincipal(credentials, 'service')) {
      return stock.authorizeConditional(requests, { credentials });
    }
    if (!credentials || !auth.isPrincipal(credentials, 'user')) {
      return requests.map(() => DENY);
    }
    return Promise.all(
      requests.map(({ permission }) => this.#decide(permission, credentials)),
    );
  }

  async authorize(
    requests: AuthorizePermissionRequest[],
    options?: PermissionsServiceRequestOptions,
  ): Promise<AuthorizePermissionResponse[]> {
    const { auth, stock, recorded } = this.#options;
    const credentials = credentialsOf(options);
    if (credentials && auth.isPrincipal(credentials, 'service')) {
      return stock.authorize(requests, { credentials });
    }
    if (!credentials || !auth.isPrincipal(credentials, 'user')) {
      return requests.map(() => DENY);
    }
    const batch = new ResourceBatch(recorded, requests);
    return Promise.all(
      requests.map(async request => {
        const decision = await this.#decide(request.permission, credentials);
        if (decision.result !== AuthorizeResult.CONDITIONAL) {
          return decision;
        }
        const ref = 'resourceRef' in request ? request.resourceRef : undefined;
        if (ref === undefined) {
          throw new Error(
            `Permission '${request.permission.name}' was asked without a resource, but depends on one`,
          );
        }
        if (!recorded.has(decision.resourceType)) {
          const [answer] = await stock.authorize([request], { credentials });
          return answer;
        }
        const apply = await batch.load(decision.resourceType);
        const allowed = apply(decision, ref);
        return allowed ? { result: AuthorizeResult.ALLOW } : DENY;
      }),
    );
  }

  async #decide(
    permission: Permission,
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<PolicyDecision> {
    const decision = await this.#options.policy.handle(
      { permission },
      {
        credentials,
        // Deprecated by Backstage, and frozen at sign-in: our policy never reads it.
        info: {
          userEntityRef: credentials.principal.userEntityRef,
          ownershipEntityRefs: [],
        },
      },
    );
    if (
      decision.result === AuthorizeResult.CONDITIONAL &&
      (!isResourcePermission(permission) ||
        permission.resourceType !== decision.resourceType)
    ) {
      throw new Error(
        `The policy answered permission '${permission.name}' with conditions on '${decision.resourceType}', which is not its resource`,
      );
    }
    return decision;
  }
}

function credentialsOf(
  options?: PermissionsServiceRequestOptions,
): BackstageCredentials | undefined {
  return options && 'credentials' in options ? options.credentials : undefined;
}
