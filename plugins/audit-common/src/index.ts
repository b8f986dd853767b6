export * from './act';
export * from './api';
export * from './chain/canonicalJson';
export * from './digest';
export * from './entry';
export * from './permissions';
export * from './personal';
