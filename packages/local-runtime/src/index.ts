export * from './LocalRuntime';
export * from './readConfiguration';
