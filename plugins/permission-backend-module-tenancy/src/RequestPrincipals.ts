import {
  type BackstageCredentials,
  type BackstageUserPrincipal,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { AuthenticationError } from '@backstage/errors';
import {
  tenancyServiceRef,
  type TenancyService,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';

/** How long a session that was just checked is not looked up again. */
const FRESH_FOR_MILLISECONDS = 1000;

/**
 * The principal behind the credentials of a request.
 *
 * A request's session is checked when its token is authenticated, and several
 * decisions follow at once: they use that answer. Credentials that live longer (a
 * scaffolder task, an open stream) are looked up again.
 */
export class RequestPrincipals {
  readonly #tenancy: Pick<TenancyService, 'principal'>;
  readonly #now: () => number;
  readonly #checked = new WeakMap<
    BackstageCredentials,
    { principal: TenantPrincipal; until: number }
  >();

  constructor(options: {
    tenancy: Pick<TenancyService, 'principal'>;
    now?: () => number;
  }) {
    this.#tenancy = options.tenancy;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Looks the session up, whatever is known, and keeps the answer for the decisions that
   * follow.
   *
   * @throws AuthenticationError when the credentials are no user's, or the session is
   *   over, or the token names another user than its member
   */
  async check(credentials: BackstageCredentials): Promise<TenantPrincipal> {
    const userRef = userRefOf(credentials);
    const principal = await this.#tenancy.principal(credentials);
    if (
      principal.userRef !== userRef ||
      parseEntityRef(userRef).namespace !== principal.tenant
    ) {
      throw new AuthenticationError(
        'The token names another user than its session',
      );
    }
    this.#checked.set(credentials, {
      principal,
      until: this.#now() + FRESH_FOR_MILLISECONDS,
    });
    return principal;
  }

  /**
   * The principal as just checked, or as the tables say now.
   *
   * @throws AuthenticationError as `check` does
   */
  async of(credentials: BackstageCredentials): Promise<TenantPrincipal> {
    const checked = this.#checked.get(credentials);
    return checked && this.#now() < checked.until
      ? checked.principal
      : this.check(credentials);
  }
}

function userRefOf(credentials: BackstageCredentials): string {
  const principal = credentials.principal as
    | Partial<BackstageUserPrincipal>
    | undefined;
  if (principal?.type !== 'user' || !principal.userEntityRef) {
    throw new AuthenticationError('The credentials are not those of a user');
  }
  return principal.userEntityRef;
}

/** The principals of requests in progress, shared by sign-in checks and decisions. */
export const requestPrincipalsServiceRef = createServiceRef<RequestPrincipals>({
  id: 'portico.request-principals',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { tenancy: tenancyServiceRef },
      factory: ({ tenancy }) => new RequestPrincipals({ tenancy }),
    }),
});
