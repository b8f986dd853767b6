export * from './chartPrograms';
