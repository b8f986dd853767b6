export * from './TenancyService';
export * from './events';
export * from './isEntityInNamespace';
export * from './issueSessionToken';
export * from './personasAllowed';
export * from './readInitiator';
export * from './refusePermission';
