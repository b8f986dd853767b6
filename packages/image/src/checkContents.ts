import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Checks } from './Checks';
import { type ImageRun } from './ImageRun';
import { type ImageConfig } from './ImageStore';
import { runTool } from './runTool';

/** Programs that build or install something; none of them serves a portal. */
const builders = ['npm', 'npx', 'yarn', 'corepack', 'gcc', 'make', 'python3'];

const bomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.object({
      group: z.string().optional(),
      name: z.string(),
      version: z.string().optional(),
    }),
  ),
});

const packageSchema = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
});

/** Looks at what is in the image, before it runs. */
export async function checkContents(options: {
  root: string;
  config: ImageConfig;
  checks: Checks;
  start: (args: readonly string[]) => ImageRun;
}): Promise<void> {
  const { root, config, checks } = options;
  await checks.check('the image is small', async () => {
    const [size] = (await runTool('du', ['-sm', root])).split(/\s/);
    assert(Number(size) < 900, `${size} MB`);
    return `${size} MB unpacked`;
  });
  await checks.check(
    'it runs as somebody without rights, and says what it is',
    async () => {
      assert.equal(config.User, '65532:65532');
      assert.equal(config.Labels['org.opencontainers.image.title'], 'Portico');
    },
  );
  await checks.check(
    'it has git and pg_dump, and nothing that builds',
    async () => {
      const inPath = (program: string) =>
        ['usr/local/bin', 'usr/bin', 'bin'].some(folder =>
          existsSync(join(root, folder, program)),
        );
      assert.deepEqual(builders.filter(inPath), []);
      assert.deepEqual(
        ['git', 'node', 'pg_dump', 'pg_restore'].filter(one => !inPath(one)),
        [],
      );
    },
  );
  await checks.check('nobody but root can write what is executed', async () => {
    const found = await runTool('find', [
      join(root, 'app'),
      ...['(', '-perm', '/022', '-o', '!', '-user', 'root', ')'],
      ...['-not', '-type', 'l', '-print', '-quit'],
    ]);
    assert.equal(found, '');
  });
  await checks.check('the bill of materials names every package', async () => {
    const bom = bomSchema.parse(
      JSON.parse(await readFile(join(root, 'app/sbom.json'), 'utf8')),
    );
    const named = new Set(
      bom.components.map(({ group, name, version }) =>
        [group ? `${group}/${name}` : name, version].join('@'),
      ),
    );
    const inside = await packagesBelow(join(root, 'app/node_modules'));
    const missing = inside.filter(one => !named.has(one));
    assert.deepEqual(missing, []);
    return `${inside.length} packages for Node, ${bom.components.length} components`;
  });
  await checks.check(
    'an unknown command is refused with the list',
    async () => {
      const run = options.start(['deploy']);
      assert.equal(await run.exited, 64);
      assert.match(run.output, /serve, migrate, backup, restore/);
    },
  );
}

/** `name@version` of every package that is installed in a folder of modules. */
async function packagesBelow(modules: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(modules, { withFileTypes: true })) {
    // links lead to packages of this repository
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const folder = join(modules, entry.name);
    if (entry.name.startsWith('@')) {
      found.push(...(await packagesBelow(folder)));
      continue;
    }
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name, version } = packageSchema.parse(
        JSON.parse(await readFile(manifest, 'utf8')),
      );
      if (name && version) found.push(`${name}@${version}`);
    }
    const nested = join(folder, 'node_modules');
    if (existsSync(nested)) found.push(...(await packagesBelow(nested)));
  }
  return found;
}
