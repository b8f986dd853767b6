import { type Config } from '@backstage/config';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  randomBytes,
} from 'crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A secret as it is stored: useless without the key that the id names. */
export interface SealedSecret {
  keyId: string;
  sealed: Buffer;
}

/**
 * Seals secrets that have to be read again, with AES-256-GCM. The newest key seals;
 * every known key opens, so that keys can be rotated.
 */
export class SecretSealer {
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** Keys of `tenancy.sealingKeys`, or else of `backend.auth.keys`; newest first. */
  static fromConfig(config: Config): SecretSealer {
    const own = config.getOptionalStringArray('tenancy.sealingKeys') ?? [];
    const backend = (
      config.getOptionalConfigArray('backend.auth.keys') ?? []
    ).map(key => key.getString('secret'));
    return new SecretSealer([...own, ...backend]);
  }

  constructor(secrets: string[]) {
    this.#keys = new Map(
      secrets.map(secret => {
        const key = Buffer.from(
          hkdfSync('sha256', secret, '', 'portico tenancy secrets', 32),
        );
        const keyId = createHash('sha256').update(key).digest('hex');
        return [keyId.slice(0, 16), key];
      }),
    );
  }

  /** False without any key: then nothing can be sealed. */
  get hasKey(): boolean {
    return this.#keys.size > 0;
  }

  /** Seals a text for one place; elsewhere it does not open. */
  seal(text: string, place: string): SealedSecret {
    const [newest] = this.#keys;
    if (!newest) {
      throw new Error(
        'No key to seal secrets with: set tenancy.sealingKeys or backend.auth.keys',
      );
    }
    const [keyId, key] = newest;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(Buffer.from(place));
    const sealed = Buffer.concat([
      nonce,
      cipher.update(text, 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return { keyId, sealed };
  }

  /** @returns undefined when the key is gone, or the text was sealed for elsewhere */
  open(secret: SealedSecret, place: string): string | undefined {
    const key = this.#keys.get(secret.keyId);
    if (!key || secret.sealed.length < NONCE_BYTES + TAG_BYTES) {
      return undefined;
    }
    const { sealed } = secret;
    const decipher = createDecipheriv(
      'aes-256-gcm',
      key,
      sealed.subarray(0, NONCE_BYTES),
    );
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    try {
      return Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)),
        decipher.final(),
      ]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
