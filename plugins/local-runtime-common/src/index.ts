export * from './api';
export * from './environment';
export * from './names';
export * from './permissions';
export * from './portalApi';
export * from './release';
export * from './run';
