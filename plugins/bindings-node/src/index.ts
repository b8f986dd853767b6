export * from './BindingsService';
export * from './readSystems';
export * from './redactSecrets';
