export { permissionModuleTenancy as default } from './module';
export * from './RequestPrincipals';
export * from './tenantPolicyServiceRef';
export * from './policy/policyTable';
