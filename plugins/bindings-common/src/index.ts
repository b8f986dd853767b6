export * from './api';
export * from './bindingKind';
export * from './claim';
export * from './matchClaim';
export * from './model';
export * from './permissions';
