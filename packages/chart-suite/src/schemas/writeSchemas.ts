import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BedFolder, downloadGoModule } from '@portico/testbed';
import { customModules, kubernetesModule } from './describedModules';
import { readCustomDefinitions, readSwagger } from './kindSchemas';

/**
 * Writes the schemas that kubeconform reads, from the descriptions that the vendors' own
 * modules carry.
 */
export async function writeSchemas(options: {
  folder: BedFolder;
  target: string;
  signal: AbortSignal;
}): Promise<void> {
  const { folder, target, signal } = options;
  await mkdir(target, { recursive: true });
  for (const described of [kubernetesModule, ...customModules]) {
    const directory = await downloadGoModule(folder, described, signal);
    for (const file of described.files) {
      const text = await readFile(join(directory, file), 'utf8');
      const schemas = file.endsWith('.json')
        ? readSwagger(text)
        : readCustomDefinitions(text);
      for (const { file: name, schema } of schemas) {
        await writeFile(join(target, name), JSON.stringify(schema));
      }
    }
  }
}
