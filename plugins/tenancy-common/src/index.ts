export * from './annotations';
export * from './api';
export * from './directory';
export * from './model';
export * from './permissions';
export * from './roles';
export * from './tenantId';
