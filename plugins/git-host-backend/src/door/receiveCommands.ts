import { InputError } from '@backstage/errors';

/** One change of a ref that a push asks for. */
export interface ReceiveCommand {
  oldId: string;
  newId: string;
  ref: string;
}

const MAX_COMMANDS = 500;
/** Lines of a push are short: two ids, a ref and once the capabilities. */
const MAX_PREFIX_BYTES = 1024 * 1024;

/**
 * Reads the commands at the beginning of a push (`git-receive-pack` request), fed
 * piece by piece. The bytes are kept, so that they can be passed on unchanged.
 */
export class ReceiveCommandsReader {
  #bytes: Buffer = Buffer.alloc(0);
  #offset = 0;
  readonly #commands: ReceiveCommand[] = [];

  /** All that was fed so far. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /**
   * Takes the next piece.
   *
   * @returns the commands once they are complete
   * @throws InputError for what is no push, or too many changes at once
   */
  feed(piece: Buffer): ReceiveCommand[] | undefined {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    while (this.#bytes.length >= this.#offset + 4) {
      const header = this.#bytes.toString(
        'latin1',
        this.#offset,
        this.#offset + 4,
      );
      if (!/^[0-9a-f]{4}$/i.test(header)) {
        throw malformed();
      }
      const length = parseInt(header, 16);
      if (length === 0) {
        return this.#commands;
      }
      if (length < 4) {
        throw malformed();
      }
      if (this.#bytes.length < this.#offset + length) {
        break;
      }
      this.#take(
        this.#bytes.toString('utf8', this.#offset + 4, this.#offset + length),
      );
      this.#offset += length;
      if (this.#commands.length > MAX_COMMANDS) {
        throw new InputError(
          `A push may change at most ${MAX_COMMANDS} branches and tags; push in several parts`,
        );
      }
    }
    if (this.#bytes.length > MAX_PREFIX_BYTES) {
      throw malformed();
    }
    return undefined;
  }

  #take(line: string): void {
    const [text] = line.split('\0');
    const match = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (.+?)\n?$/.exec(text);
    if (match) {
      this.#commands.push({ oldId: match[1], newId: match[2], ref: match[3] });
      return;
    }
    // `shallow <id>` and the lines of a signed push change no ref by themselves; a
    // signed push is not offered, so anything else is malformed.
    if (!/^shallow [0-9a-f]{40,64}\n?$/.test(text)) {
      throw malformed();
    }
  }
}

function malformed(): InputError {
  return new InputError('The request is no git push');
}
