export * from './Migrations';
export * from './PorticoDatabase';
export * from './bootstrapDatabase';
export * from './createPorticoDatabase';
export * from './enqueue';
export {
  expectedMigrationsServiceRef,
  schemasBehind,
} from './expectedMigrations';
export * from './migrate';
export * from './migratePlugins';
export * from './readPorticoDatabaseConnection';
export * from './roles';
