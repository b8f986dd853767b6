import { LyingTokenEndpoint } from './LyingTokenEndpoint';
import {
  createSigningKey,
  OpenIdProvider,
  type SigningKey,
} from './OpenIdProvider';
import { PortalUser } from './PortalUser';
import { startPortal, type TestPortal } from './startPortal';

const accounts = {
  kim: { email: 'kim@aurora.example', email_verified: true, name: 'Kim' },
  sam: { email: 'sam@aurora.example', email_verified: true, name: 'Sam' },
  stranger: { email: 'kim@aurora.example', email_verified: true },
  unverified: { email: 'una@aurora.example', email_verified: false },
  unknowing: { email: 'una@aurora.example' },
  nameless: {},
};

/**
 * An OpenID provider, a token endpoint that lies for it, and a portal with members.
 *
 * The portal knows the provider as the environment `development`, with a required
 * e-mail address as `strict`, through the liar as `lied`, and the liar without the
 * name of the true issuer as `impostor`.
 */
export class OidcScene {
  static async start(): Promise<OidcScene> {
    const provider = await OpenIdProvider.start();
    const liar = await LyingTokenEndpoint.start(provider.issuer);
    const client = { clientId: 'portico', clientSecret: 'portico-test-secret' };
    const metadataUrl = `${provider.issuer}/.well-known/openid-configuration`;
    // The provider answers only once the scene has configured it below: Portico has
    // to live with one that is late.
    const portal = await startPortal({
      oidc: {
        development: { ...client, metadataUrl },
        strict: { ...client, metadataUrl, requireEmail: true },
        lied: {
          ...client,
          metadataUrl: liar.metadataUrl,
          issuer: provider.issuer,
        },
        impostor: { ...client, metadataUrl: liar.metadataUrl },
      },
    });
    const administrator = await PortalUser.persona(
      portal.url,
      'user:default/pat',
    );
    const scene = new OidcScene(
      provider,
      liar,
      portal,
      administrator,
      await createSigningKey('first'),
    );
    await scene.configureProvider();
    await scene.addMembers();
    return scene;
  }

  private constructor(
    readonly provider: OpenIdProvider,
    readonly liar: LyingTokenEndpoint,
    readonly portal: TestPortal,
    readonly administrator: PortalUser,
    /** What the provider signs with. */
    public key: SigningKey,
  ) {}

  /** The provider drops its key and signs with another one. */
  async rotateKey(): Promise<void> {
    this.key = await createSigningKey('second');
    await this.configureProvider();
  }

  async stop(): Promise<void> {
    await this.portal.stop();
    await this.liar.stop();
    await this.provider.stop();
  }

  private async configureProvider(): Promise<void> {
    await this.provider.configure({
      redirectUri: `${this.portal.url}/api/auth/oidc/handler/frame`,
      key: this.key,
      accounts,
    });
  }

  private async addMembers(): Promise<void> {
    const { issuer } = this.provider;
    await this.administrator.putPerson('user:aurora/kim', {
      identity: { issuer, subject: 'kim' },
      groups: ['checkout'],
    });
    await this.administrator.putPerson('user:borealis/kim-lee', {
      identity: { issuer, subject: 'kim' },
    });
    for (const name of ['sam', 'unverified', 'unknowing', 'nameless']) {
      await this.administrator.putPerson(`user:aurora/${name}`, {
        identity: { issuer, subject: name },
      });
    }
    await this.administrator.putPerson('user:borealis/sam', {
      identity: { issuer: 'https://elsewhere.example', subject: 'sam' },
    });
  }
}
