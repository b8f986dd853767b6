import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { InputError } from '@backstage/errors';
import { type SealedSecret, type SecretSealer } from './SecretSealer';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals with AES-256-GCM under keys that the process holds. The newest key seals; every
 * known key opens, so that keys can be rotated.
 */
export class LocalSecretSealer implements SecretSealer {
  readonly keyId: string;
  readonly #keys: ReadonlyMap<string, Buffer>;

  /**
   * @param options - `secrets`: the keys' texts, newest first; `purpose`: what is sealed,
   *   so that the same text gives other keys elsewhere
   * @throws InputError without any key
   */
  constructor(options: { secrets: readonly string[]; purpose: string }) {
    this.#keys = new Map(
      options.secrets.map(secret => {
        const key = Buffer.from(
          hkdfSync('sha256', secret, '', options.purpose, 32),
        );
        const keyId = createHash('sha256').update(key).digest('hex');
        return [keyId.slice(0, 16), key];
      }),
    );
    const [newest] = this.#keys.keys();
    if (newest === undefined) {
      throw new InputError(`There is no key to seal ${options.purpose} with`);
    }
    this.keyId = newest;
  }

  knows(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  async seal(text: string, place: string): Promise<SealedSecret> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key(this.keyId), nonce);
    cipher.setAAD(Buffer.from(place));
    const sealed = Buffer.concat([
      nonce,
      cipher.update(text, 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return { keyId: this.keyId, sealed };
  }

  async open(secret: SealedSecret, place: string): Promise<string | undefined> {
    const { keyId, sealed } = secret;
    if (!this.#keys.has(keyId) || sealed.length < NONCE_BYTES + TAG_BYTES) {
      return undefined;
    }
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)),
        decipher.final(),
      ]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  #key(keyId: string): Buffer {
    const key = this.#keys.get(keyId);
    if (!key) {
      throw new Error(`There is no key ${keyId}`);
    }
    return key;
  }
}
