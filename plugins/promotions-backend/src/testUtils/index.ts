export * from './promotionsWithoutEngine';
