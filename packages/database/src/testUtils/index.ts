export * from './TestDatabase';
