export * from './readOptions';
