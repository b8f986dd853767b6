import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { exportJWK, generateKeyPair, type JWK, type KeyLike } from 'jose';

/** What the provider tells about an account besides its `sub`. */
export interface Account {
  email?: string;
  email_verified?: boolean;
  name?: string;
}

/** A signing key of the provider, which a test may use to lie with. */
export interface SigningKey {
  id: string;
  privateKey: KeyLike;
  publicKey: KeyLike;
  privateJwk: JWK;
}

/** Makes a key as the provider would. */
export async function createSigningKey(id: string): Promise<SigningKey> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  return {
    id,
    ...pair,
    privateJwk: {
      ...(await exportJWK(pair.privateKey)),
      kid: id,
      alg: 'RS256',
      use: 'sig',
    },
  };
}

/** `oidc-provider` on loopback, in a process of its own. */
export class OpenIdProvider {
  static async start(): Promise<OpenIdProvider> {
    const child = fork(path.join(__dirname, 'openIdProvider.mjs'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--no-warnings'],
    });
    const [message] = await once(child, 'message');
    return new OpenIdProvider(child, `http://127.0.0.1:${message.port}`);
  }

  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
  ) {}

  /** Whom it knows, where it sends people back to, and what it signs with. */
  async configure(options: {
    redirectUri: string;
    key: SigningKey;
    accounts: Record<string, Account>;
  }): Promise<void> {
    const ready = once(this.child, 'message');
    this.child.send({
      redirectUris: [options.redirectUri],
      keys: [options.key.privateJwk],
      accounts: options.accounts,
    });
    await ready;
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
  }
}
