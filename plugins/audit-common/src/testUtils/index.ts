export * from './TestChain';
