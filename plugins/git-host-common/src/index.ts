export * from './permissions';
export * from './repository';
