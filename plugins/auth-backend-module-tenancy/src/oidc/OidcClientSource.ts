import { type LoggerService } from '@backstage/backend-plugin-api';
import { type Config } from '@backstage/config';
import { ServiceUnavailableError } from '@backstage/errors';
import { oidcAuthenticator } from '@backstage/plugin-auth-backend-module-oidc-provider';
import { type OidcPolicy } from './readOidcPolicy';

/** What the stock authenticator keeps between its calls. */
type OidcClientContext = ReturnType<typeof oidcAuthenticator.initialize>;

/**
 * The client for one identity provider.
 *
 * Its metadata are fetched at start and, when that failed, again with the next
 * sign-in: a provider that is late does not need a restart of the portal.
 */
export class OidcClientSource {
  readonly #begin: () => OidcClientContext;
  readonly #policy: OidcPolicy;
  readonly #logger: LoggerService;
  #current: OidcClientContext | undefined;

  static create(options: {
    callbackUrl: string;
    config: Config;
    policy: OidcPolicy;
    logger: LoggerService;
  }): OidcClientSource {
    const { callbackUrl, config, policy, logger } = options;
    const source = new OidcClientSource(
      () => oidcAuthenticator.initialize({ callbackUrl, config }),
      policy,
      logger,
    );
    source.#current = source.#start();
    return source;
  }

  private constructor(
    begin: () => OidcClientContext,
    policy: OidcPolicy,
    logger: LoggerService,
  ) {
    this.#begin = begin;
    this.#policy = policy;
    this.#logger = logger;
  }

  #start(): OidcClientContext {
    const begun = this.#begin();
    const context = {
      ...begun,
      initializedPrompt: begun.initializedPrompt ?? 'auto',
    };
    // A failure is told to those who wait for it, and does not outlive them.
    context.promise.catch(() => {
      if (this.#current === context) {
        this.#current = undefined;
      }
    });
    return context;
  }

  /**
   * The client, once its provider's metadata are known and belong to the issuer.
   *
   * @throws ServiceUnavailableError when they cannot be read or belong to another
   */
  async get(): Promise<OidcClientContext> {
    this.#current ??= this.#start();
    const current = this.#current;
    try {
      const { client } = await current.promise;
      const found = client.issuer.metadata.issuer;
      if (found !== this.#policy.issuer) {
        throw new Error(
          `its metadata are those of ${found}, expected ${this.#policy.issuer}`,
        );
      }
      return current;
    } catch (error) {
      if (this.#current === current) {
        this.#current = undefined;
      }
      // The cause may name internal addresses: it is for the log alone.
      this.#logger.error(
        `The identity provider ${this.#policy.issuer} cannot be used: ${String(
          error,
        )}`,
      );
      throw new ServiceUnavailableError(
        'The identity provider cannot be used at the moment: try again, or tell the operator of this portal',
      );
    }
  }
}
