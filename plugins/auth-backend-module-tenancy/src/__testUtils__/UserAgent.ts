import { CookieJar } from 'tough-cookie';
import { z } from 'zod';

const webMessageSchema = z.object({
  error: z.object({ name: z.string(), message: z.string() }).optional(),
  response: z
    .object({
      profile: z.record(z.string(), z.unknown()),
      providerInfo: z.record(z.string(), z.unknown()),
      backstageIdentity: z.object({
        token: z.string(),
        identity: z.object({
          userEntityRef: z.string(),
          ownershipEntityRefs: z.array(z.string()),
        }),
      }),
    })
    .optional(),
});

/** What the pop-up of the sign-in tells the page that opened it. */
export type SignInMessage = z.infer<typeof webMessageSchema>;

/** As much of a browser as a sign-in needs: cookies, redirects and one form. */
export class UserAgent {
  readonly cookies = new CookieJar(undefined, { rejectPublicSuffixes: false });

  constructor(private readonly portalUrl: string) {}

  /** One request, with cookies, without following a redirect. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: {
        ...init.headers,
        cookie: await this.cookies.getCookieString(url),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      await this.cookies.setCookie(cookie, url, { ignoreError: true });
    }
    return response;
  }

  /**
   * Opens the sign-in of the portal, signs in at the provider as an account, and
   * stops before the portal's callback.
   *
   * @returns the address of the callback, with code and state
   */
  async signInAtProvider(
    account: string,
    environment: string,
  ): Promise<string> {
    let url = `${this.portalUrl}/api/auth/oidc/start?env=${environment}`;
    let response = await this.fetch(url);
    for (let step = 0; step < 10; step += 1) {
      const location = response.headers.get('location');
      if (location === null) {
        const form = /<form[^>]*action="([^"]+)"/.exec(await response.text());
        if (!form) {
          throw new Error(`No redirect and no form at ${url}`);
        }
        url = new URL(form[1], url).href;
        response = await this.fetch(url, {
          method: 'POST',
          body: new URLSearchParams({
            prompt: 'login',
            login: account,
            password: 'any',
          }),
        });
        continue;
      }
      url = new URL(location, url).href;
      if (new URL(url).pathname.endsWith('/handler/frame')) {
        return url;
      }
      response = await this.fetch(url);
    }
    throw new Error('The provider never sent the browser back');
  }

  /** Opens the callback and reads what the pop-up says. */
  async openCallback(url: string): Promise<SignInMessage> {
    const response = await this.fetch(url);
    const page = await response.text();
    const message = /authResponse = decodeURIComponent\('([^']*)'\)/.exec(page);
    return webMessageSchema.parse(
      message ? JSON.parse(decodeURIComponent(message[1])) : JSON.parse(page),
    );
  }

  /** The whole sign-in. */
  async signIn(
    account: string,
    environment = 'development',
  ): Promise<SignInMessage> {
    return this.openCallback(await this.signInAtProvider(account, environment));
  }

  /** Asks for a new token, as the app does on each load. */
  async refresh(environment = 'development'): Promise<Response> {
    return this.fetch(
      `${this.portalUrl}/api/auth/oidc/refresh?env=${environment}`,
      { headers: { 'x-requested-with': 'XMLHttpRequest' } },
    );
  }

  /** Wishes for a tenant, as the switcher in the header does. */
  async wishFor(tenant: string): Promise<void> {
    await this.cookies.setCookie(
      `portico-tenant=${tenant}; path=/`,
      this.portalUrl,
    );
  }
}
