export * from './TenancyService';
export * from './events';
export * from './isEntityInNamespace';
