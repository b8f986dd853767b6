export { tenancyPlugin as default } from './plugin';
export { tenancyApiRef, type TenancyApi } from './api/TenancyApi';
export { TenantSwitcher } from './TenantSwitcher';
export { PERSONA_STORAGE_KEY, TENANT_COOKIE } from './hooks/activeTenant';
