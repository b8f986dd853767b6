import { InputError } from '@backstage/errors';
import { Parser, type ReadEntry } from 'tar';

const WASM_MAGIC = Buffer.from([0x00, 0x61, 0x73, 0x6d]);
const MOST_BYTES = 64 * 1024 * 1024;

/** A compiled policy and the data that it reads. */
export interface PolicyBundle {
  wasm: Buffer;
  data: object;
}

/**
 * Takes a policy out of what `opa build -t wasm` made: a bundle (`.tar.gz`) with
 * `policy.wasm` and perhaps `data.json`, or the `policy.wasm` alone.
 *
 * @throws InputError when it is neither
 */
export async function readBundle(content: Buffer): Promise<PolicyBundle> {
  if (content.subarray(0, WASM_MAGIC.length).equals(WASM_MAGIC)) {
    return { wasm: content, data: {} };
  }
  const files = await readFiles(content);
  const wasm = files.get('policy.wasm');
  if (!wasm) {
    throw new InputError('it has no policy.wasm');
  }
  return { wasm, data: parseData(files.get('data.json')) };
}

function parseData(content: Buffer | undefined): object {
  const data: unknown =
    content === undefined ? {} : JSON.parse(content.toString('utf8'));
  if (typeof data !== 'object' || data === null) {
    throw new InputError('its data.json is no object');
  }
  return data;
}

/** The files at the root of an archive that are of use here. */
async function readFiles(content: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({ strict: true });
    parser.on('entry', (entry: ReadEntry) => {
      const name = entry.path.replace(/^\/+/, '');
      const chunks: Buffer[] = [];
      entry.on('data', chunk => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) {
          parser.abort(
            new InputError(`it holds more than ${MOST_BYTES} bytes`),
          );
        } else if (name === 'policy.wasm' || name === 'data.json') {
          chunks.push(chunk);
        }
      });
      entry.on('end', () => files.set(name, Buffer.concat(chunks)));
    });
    parser.on('end', resolve);
    parser.on('error', reject);
    parser.end(content);
  });
  return files;
}
