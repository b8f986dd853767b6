import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** The programs that manifests are rendered with. */
export type RenderTool = 'kustomize' | 'helm';

/** Where a program is on the PATH; undefined when it is not installed. */
export async function findTool(
  tool: RenderTool,
  path: string = process.env.PATH ?? '',
): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const file = join(folder, tool);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}
