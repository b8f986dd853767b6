import { createReadStream } from 'node:fs';
import {
  BundleVerification,
  type VerificationOptions,
  type VerificationReport,
} from '@portico/plugin-audit-common/chain';
import { describeError } from '../output/describeError';

/** Larger ones do not stay in the cache of the processor, which costs a fifth. */
const CHUNK_BYTES = 64 * 1024;

/** What became of the verification of files. */
export interface FilesReport {
  ok: boolean;
  files: Array<VerificationReport & { file: string }>;
  /** Chains of which a checkpoint was kept, but no bundle given. */
  missingChains: string[];
}

/**
 * Verifies bundles in files; `-` is standard input. Touches nothing but these files.
 *
 * @throws Error when a file cannot be read
 */
export async function verifyFiles(
  files: readonly string[],
  options: VerificationOptions,
): Promise<FilesReport> {
  const verification = new BundleVerification(options);
  const reports: FilesReport['files'] = [];
  for (const file of files) {
    const chunks: AsyncIterable<Uint8Array> =
      file === '-'
        ? process.stdin
        : createReadStream(file, { highWaterMark: CHUNK_BYTES });
    try {
      reports.push({ file, ...(await verification.verify(chunks)) });
    } catch (error) {
      throw new Error(`Could not read ${file}: ${describeError(error)}`);
    }
  }
  return {
    ok: reports.every(report => report.ok),
    files: reports,
    missingChains: verification.missingChains,
  };
}
