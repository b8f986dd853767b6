import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { type PluginMigrations } from '../Migrations';

/** A plugin with one table, for the tests of this package. */
export const notesMigrations: PluginMigrations = {
  schema: 'portico_notes',
  directory: resolvePackagePath('@portico/database', 'src/__fixtures__/notes'),
  tasks: ['notes.print'],
};
