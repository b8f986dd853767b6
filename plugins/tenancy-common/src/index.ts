export * from './annotations';
export * from './model';
export * from './permissions';
export * from './roles';
export * from './tenantId';
