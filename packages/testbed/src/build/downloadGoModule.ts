import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { type BedFolder } from '../BedFolder';
import { runGo } from './buildProgram';

const downloadSchema = z.object({ Dir: z.string() });

/**
 * Brings the files of a module from the Go proxy, without building anything.
 *
 * @returns the folder that they are in; nobody may write there
 */
export async function downloadGoModule(
  folder: BedFolder,
  { module, version }: { module: string; version: string },
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(folder.sources, { recursive: true });
  const told = await runGo(
    ['mod', 'download', '-json', `${module}@${version}`],
    folder.sources,
    signal,
  );
  return downloadSchema.parse(JSON.parse(told)).Dir;
}
