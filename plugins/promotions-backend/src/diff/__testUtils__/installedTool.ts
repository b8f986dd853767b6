import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type RenderTool } from '../rendering/findTool';

/** Of the machine, or of a folder that is named; none where it is not installed. */
export function installedTool(tool: RenderTool): string | undefined {
  return [
    process.env.PORTICO_TEST_TOOLS ?? '',
    ...(process.env.PATH ?? '').split(delimiter),
  ]
    .filter(Boolean)
    .map(folder => join(folder, tool))
    .find(file => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
