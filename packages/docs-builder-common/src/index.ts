export * from './docsBuild';
