export * from './recordedActs';
