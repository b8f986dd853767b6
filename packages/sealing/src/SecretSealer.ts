/** A secret as it is stored: useless without the key that the id names. */
export interface SealedSecret {
  keyId: string;
  sealed: Buffer;
}

/**
 * Seals secrets that have to be read again.
 *
 * A place is where a secret belongs, such as its row and column; what was sealed for
 * one place does not open in another.
 */
export interface SecretSealer {
  /** Id of the key that seals; what was sealed with another should be sealed again. */
  readonly keyId: string;
  /** Tells whether what this key sealed can be opened. */
  knows(keyId: string): boolean;
  seal(text: string, place: string): Promise<SealedSecret>;
  /** @returns undefined when the key is gone, or the text was sealed for elsewhere */
  open(secret: SealedSecret, place: string): Promise<string | undefined>;
}
