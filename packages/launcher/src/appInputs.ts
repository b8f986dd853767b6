import { createHash } from 'crypto';
import { readdir, readFile } from 'fs/promises';
import { join, resolve } from 'path';
import { z } from 'zod';
import { repositoryRoot } from './paths';

const packageSchema = z.object({
  backstage: z.object({ role: z.string() }).optional(),
});

const frontendRoles = new Set([
  'frontend',
  'frontend-plugin',
  'frontend-plugin-module',
  'common-library',
  'web-library',
]);
const skippedFolders = new Set([
  'node_modules',
  'dist',
  'dist-types',
  'coverage',
  'e2e-tests',
  'e2e-test-report',
]);

/**
 * A digest of everything that the built app depends on: the sources of the frontend
 * and common packages, the lockfile, and the configuration.
 */
export async function digestAppInputs(): Promise<string> {
  const files = ['app-config.yaml', 'package.json', 'yarn.lock'].map(name =>
    resolve(repositoryRoot, name),
  );
  for (const group of ['packages', 'plugins']) {
    const groupFolder = resolve(repositoryRoot, group);
    for (const name of (await readdir(groupFolder)).sort()) {
      const folder = join(groupFolder, name);
      if (await isPartOfApp(folder)) await addFiles(folder, files);
    }
  }
  const digest = createHash('sha256');
  for (const file of files) {
    digest.update(`${file.slice(repositoryRoot.length)}\n`);
    digest.update(await readFile(file));
  }
  return digest.digest('hex');
}

async function isPartOfApp(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(
    () => '{}',
  );
  const role = packageSchema.parse(JSON.parse(text)).backstage?.role;
  return role !== undefined && frontendRoles.has(role);
}

async function addFiles(folder: string, files: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) await addFiles(path, files);
    } else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) {
      files.push(path);
    }
  }
}
