export * from './GitHostService';
export * from './events';
