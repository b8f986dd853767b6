export * from './ImageRun';
export * from './ImageStore';
