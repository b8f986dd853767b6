/** The migrations of one plugin of ours and the schema that they make. */
export interface PluginMigrations {
  /** `portico_<noun>`; made by the owner role before the first migration. */
  schema: string;
  /** Absolute path of the folder with the `*.js` migrations of Knex. */
  directory: string;
  /** Names of the jobs that the plugin may put on the queue with `enqueue`. */
  tasks?: readonly string[];
}
