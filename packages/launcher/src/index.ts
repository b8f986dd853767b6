export * from './PostgresServer';
export { repositoryRoot } from './paths';
export * from './postgresPrograms';
export * from './postgresUser';
export * from './runInTerminal';
export * from './SuiteResult';
export * from './TerminalHost';
