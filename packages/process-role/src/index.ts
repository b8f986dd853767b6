export * from './processRole';
export * from './schedulerServiceFactory';
export { schedulerServiceFactory as default } from './schedulerServiceFactory';
