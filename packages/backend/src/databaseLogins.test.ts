import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { porticoPluginIds, roles } from '@portico/database';
import { parse } from 'yaml';
import { z } from 'zod';

const connection = z.object({ connection: z.object({ user: z.string() }) });
const configSchema = z.object({
  backend: z.object({
    database: connection.extend({
      skipMigrations: z.boolean().default(false),
      plugin: z.record(z.string(), connection),
    }),
  }),
  portico: z.object({ database: connection }),
});

function loginsOf(file: string) {
  const text = readFileSync(resolve(__dirname, '../../..', file), 'utf8');
  const { backend, portico } = configSchema.parse(parse(text));
  const { plugin, skipMigrations } = backend.database;
  return {
    skipMigrations,
    stock: backend.database.connection.user,
    ours: portico.database.connection.user,
    plugins: Object.fromEntries(
      Object.entries(plugin).map(([id, one]) => [id, one.connection.user]),
    ),
  };
}

/** Each plugin has the login whose schema it gets; another one may not enter it. */
describe('the logins in the configuration', () => {
  it('own the tables on one machine, and have rows alone in production', () => {
    const each = (user: string) =>
      Object.fromEntries(porticoPluginIds.map(id => [id, user]));
    expect(loginsOf('app-config.yaml')).toEqual({
      skipMigrations: false,
      stock: roles.stock,
      ours: roles.app,
      plugins: each(roles.app),
    });
    expect(loginsOf('app-config.production.yaml')).toEqual({
      skipMigrations: true,
      stock: roles.stockServing,
      ours: roles.appServing,
      plugins: each(roles.appServing),
    });
  });
});
