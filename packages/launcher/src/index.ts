export * from './PostgresServer';
