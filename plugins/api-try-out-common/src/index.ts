export * from './api';
export * from './ApiDescription';
export * from './permissions';
export * from './readOpenApi';
export * from './sampleValue';
