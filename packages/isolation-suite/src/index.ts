export * from './runSuite';
