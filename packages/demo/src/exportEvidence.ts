import { createWriteStream } from 'node:fs';
import { access, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { chainListSchema } from '@portico/plugin-audit-common';
import { BUNDLE_LINE_START } from '@portico/plugin-audit-common/chain';
import { organisations } from './organisations';
import { PortalClient } from './PortalClient';
import { waitFor } from './waitFor';

const AUDITOR = 'user:default/ana';
const SIGNED_LIMIT_MILLISECONDS = 10 * 60_000;
const LOOK_AGAIN_MILLISECONDS = 5_000;
/** More than the last line of a bundle has. */
const TAIL_BYTES = 1024;

/** Where exports and the key lie, and what was there already. */
export interface Evidence {
  /** One export for each sample organisation, by its id. */
  exports: Record<string, string>;
  keyFile: string;
  created: boolean;
}

/** Where the export of a tenant is put. */
export function evidenceFiles(folder: string): Omit<Evidence, 'created'> {
  return {
    exports: Object.fromEntries(
      organisations.map(({ id }) => [id, join(folder, `${id}.jsonl`)]),
    ),
    keyFile: join(folder, 'portal.key'),
  };
}

/**
 * Exports the audit of each sample organisation as the auditor, with the key that it
 * is verified with, once a signed checkpoint covers what the demo did. Exports that are
 * there stay as they are.
 *
 * @param options.folder - where the files go; made when it is missing
 * @throws Error when the portal refuses, an export breaks off, or nothing gets signed
 */
export async function exportEvidence(options: {
  baseUrl: string;
  folder: string;
  signal: AbortSignal;
}): Promise<Evidence> {
  const { baseUrl, folder, signal } = options;
  const files = evidenceFiles(folder);
  const wanted = [...Object.values(files.exports), files.keyFile];
  if ((await Promise.all(wanted.map(isThere))).every(Boolean)) {
    return { ...files, created: false };
  }
  const auditor = new PortalClient(AUDITOR, { baseUrl, signal });
  const chains = () => auditor.get('/api/audit/chains', chainListSchema);
  const before = await chains();
  const sizes = new Map(
    before.items.map(({ chain, size, waiting }) => [chain, size + waiting]),
  );
  const { keys } = await waitFor(
    async () => {
      const list = await chains();
      const signed = organisations.every(({ id }) => {
        const state = list.items.find(({ chain }) => chain === id);
        return (state?.checkpoint?.size ?? 0) >= (sizes.get(id) ?? 1);
      });
      return signed ? list : undefined;
    },
    {
      what: 'A checkpoint of the audit that covers the demo',
      limitMilliseconds: SIGNED_LIMIT_MILLISECONDS,
      pollMilliseconds: LOOK_AGAIN_MILLISECONDS,
      signal,
    },
  );
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [chain, file] of Object.entries(files.exports)) {
    const draft = `${file}.part`;
    try {
      await pipeline(
        auditor.download(`/api/audit/export?chain=${chain}&format=jsonl`),
        createWriteStream(draft, { mode: 0o600 }),
        { signal },
      );
      await assertWhole(draft, chain);
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
  }
  // The oldest one: it introduces the newer ones.
  await writeFile(files.keyFile, `${keys.at(-1)}\n`, { mode: 0o600 });
  return { ...files, created: true };
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** An export that broke off has no last line; nobody else would notice. */
async function assertWhole(file: string, chain: string): Promise<void> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await handle.read({
      buffer: Buffer.alloc(length),
      position: size - length,
    });
    const lines = buffer.toString('utf8').split('\n');
    const last = lines.at(-1) === '' ? lines.at(-2) : undefined;
    if (!last?.startsWith(`${BUNDLE_LINE_START}end"`)) {
      throw new Error(
        `The audit export of ${chain} broke off; it is made again at the next start.`,
      );
    }
  } finally {
    await handle.close();
  }
}
