import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfigSchema } from '@backstage/config-loader';
import { type JsonObject } from '@backstage/types';
import written from './configurationSchema.json';
import { mergeSchemas } from './mergeSchemas';

// The schemas are made from the types of all packages.
jest.setTimeout(120_000);

/** Packages of the repository, which describe Portico's own keys. */
const isOurs = (name: string) =>
  name.startsWith('@portico/') || name === 'backend';

describe('configurationSchema.json', () => {
  it('is what the packages describe; PORTICO_WRITE_DOCS=1 writes it anew', async () => {
    const loaded = await loadConfigSchema({ dependencies: ['backend'] });
    // Serialised schemas are plain JSON; the type says no more than that.
    const { schemas } = loaded.serialize() as {
      schemas: Array<{ packageName: string; value: JsonObject }>;
    };
    const schema = mergeSchemas(
      schemas
        .filter(({ packageName }) => isOurs(packageName))
        .map(({ value }) => value),
    );
    if (process.env.PORTICO_WRITE_DOCS) {
      const file = join(__dirname, 'configurationSchema.json');
      writeFileSync(file, JSON.stringify(schema));
      execFileSync('yarn', ['prettier', '--write', file]);
      return;
    }
    expect(written).toEqual(schema);
  });
});
