import { readFile } from 'node:fs/promises';
import { type Config } from '@backstage/config';
import {
  type DemoProgress,
  demoProgressSchema,
} from '@portico/plugin-tenancy-common';

/**
 * How far the demo is, as whoever makes it wrote it down. Undefined when it is complete,
 * when there is none, and when the file cannot be read: it is a courtesy, never an error.
 */
export async function readDemoProgress(
  config: Config,
): Promise<DemoProgress | undefined> {
  const file = config.getOptionalString('tenancy.demoProgressFile');
  if (file === undefined) {
    return undefined;
  }
  try {
    return demoProgressSchema.safeParse(
      JSON.parse(await readFile(file, 'utf8')),
    ).data;
  } catch {
    return undefined;
  }
}
