import { readFile } from 'node:fs/promises';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { parse } from 'yaml';
import { z } from 'zod';
import { builtInGates } from './builtInGates';

const declarationSchema = z.looseObject({ name: z.string(), kind: z.string() });

/** The gates in the examples of the documentation. */
async function documentedGates() {
  const text = await readFile(
    resolvePackagePath(
      '@portico/plugin-promotions-backend',
      '../../docs/gates.md',
    ),
    'utf8',
  );
  return [...text.matchAll(/```yaml\n(.*?)```/gs)]
    .map(([, example]): unknown => parse(example))
    .flatMap(example => {
      const list = z.array(declarationSchema).safeParse(example);
      return list.success ? list.data : [];
    });
}

describe('docs/gates.md', () => {
  it.each(builtInGates.map(gate => [gate.kind, gate] as const))(
    'has an example of %s that is right',
    async (kind, gate) => {
      const examples = (await documentedGates()).filter(
        one => one.kind === kind,
      );
      expect(examples).not.toEqual([]);
      for (const { name, kind: ofKind, ...options } of examples) {
        expect(gate.checkOptions(options)).toBeDefined();
        expect([name, ofKind]).not.toContain('');
      }
    },
  );
});
