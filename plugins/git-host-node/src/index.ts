export * from './GitHostService';
export * from './createTenantReader';
export * from './events';
