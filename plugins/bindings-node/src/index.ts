export * from './BindingsService';
export * from './readSystems';
