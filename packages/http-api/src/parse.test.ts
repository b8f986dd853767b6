import { InputError } from '@backstage/errors';
import { z } from 'zod';
import { parse } from './parse';

const schema = z.strictObject({
  name: z.string().max(5),
  kind: z.enum(['token', 'password']),
  limit: z.coerce.number().int().default(20),
});

describe('parse', () => {
  it('answers with what the schema makes of it', () => {
    expect(
      parse(schema, { name: 'deep', kind: 'token', limit: '3' }, 'The body'),
    ).toEqual({ name: 'deep', kind: 'token', limit: 3 });
  });

  it('names each wrong field, and no value', () => {
    const wrong = { name: 'hunter2', kind: 'hunter2', limit: 'hunter2' };
    const refused = () => parse(schema, wrong, 'The body');
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(/^The body is wrong: /);
    for (const field of ['name', 'kind', 'limit']) {
      expect(refused).toThrow(`→ at ${field}`);
    }
    expect(refused).not.toThrow(/hunter2/);
  });
});
