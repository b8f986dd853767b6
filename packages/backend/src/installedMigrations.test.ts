import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installedMigrations } from './installedMigrations';
import manifest from '../package.json';

/** Packages of Backstage that the backend installs and that bring migrations. */
function bringers(): string[] {
  return Object.keys(manifest.dependencies)
    .filter(name => name.startsWith('@backstage/'))
    .map(name =>
      join(dirname(require.resolve(`${name}/package.json`)), 'migrations'),
    )
    .filter(existsSync);
}

describe('installedMigrations', () => {
  it('has every package of Backstage that brings migrations', () => {
    const known = installedMigrations.map(({ directory }) => directory);
    const missing = bringers().filter(
      folder => !known.some(one => one === folder || dirname(one) === folder),
    );
    expect(missing).toEqual([]);
    expect(bringers().length).toBeGreaterThan(7);
  });

  it('names folders with migrations alone', () => {
    for (const { directory } of installedMigrations) {
      expect(readdirSync(directory)).toContainEqual(
        expect.stringMatching(/^\d{8}.*\.js$/),
      );
    }
  });
});
