import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError, NotFoundError } from '@backstage/errors';
import { create, extract } from 'tar';
import { listArtefactFiles } from './listArtefactFiles';

/** What was kept. */
export interface Artefact {
  /** `sha256:<hex>` of the archive. */
  digest: string;
  bytes: number;
}

const MAX_BYTES = 256 * 1024 * 1024;

/** Artefacts: archives by their SHA-256. */
export class ArtefactStore {
  constructor(private readonly folder: string, private readonly work: string) {}

  /**
   * Archives a folder. The same files give the same digest: entries are in order and
   * have neither times nor owners.
   *
   * @throws InputError for what cannot be kept
   */
  async add(folder: string, leaveOut: ReadonlySet<string>): Promise<Artefact> {
    const files = await listArtefactFiles(folder, leaveOut);
    const temporary = join(this.work, `artefact-${randomUUID()}.tar`);
    try {
      await create(
        {
          cwd: folder,
          file: temporary,
          portable: true,
          noDirRecurse: true,
          mtime: new Date(0),
        },
        // A name that begins with @ would be read as a list of names.
        files.map(file => `./${file}`),
      );
      const { size } = await stat(temporary);
      if (size > MAX_BYTES) {
        throw new InputError(
          `The artefact has ${size} bytes; ${MAX_BYTES} are the limit.`,
        );
      }
      const hex = await sha256OfFile(temporary);
      await rename(temporary, this.#path(hex));
      return { digest: `sha256:${hex}`, bytes: size };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async has(digest: string): Promise<boolean> {
    return stat(this.#path(hexOf(digest))).then(
      () => true,
      () => false,
    );
  }

  /**
   * Unpacks an artefact into a new folder, after a check of its bytes.
   *
   * @throws NotFoundError without it, InputError when its bytes are others
   */
  async unpack(digest: string, folder: string): Promise<void> {
    const path = this.#path(hexOf(digest));
    const hex = await sha256OfFile(path).catch(() => undefined);
    if (hex === undefined) {
      throw new NotFoundError(`There is no artefact ${digest}.`);
    }
    if (hex !== hexOf(digest)) {
      throw new InputError(
        `The artefact ${digest} has other bytes than it had.`,
      );
    }
    const temporary = join(this.work, `unpacked-${randomUUID()}`);
    await mkdir(temporary);
    await extract({ file: path, cwd: temporary });
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await rename(temporary, folder);
  }

  /** Removes all artefacts but these. */
  async keepOnly(digests: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const hex = /^([0-9a-f]{64})\.tar$/.exec(name)?.[1];
      if (hex !== undefined && !digests.has(`sha256:${hex}`)) {
        await rm(join(this.folder, name), { force: true });
      }
    }
  }

  #path(hex: string): string {
    return join(this.folder, `${hex}.tar`);
  }
}

function hexOf(digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (hex === undefined) {
    throw new InputError(`'${digest}' is no digest of an artefact.`);
  }
  return hex;
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
  }
  return hash.digest('hex');
}
