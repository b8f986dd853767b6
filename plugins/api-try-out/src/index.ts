export { type ApiTryOutApi, apiTryOutApiRef } from './api/ApiTryOutApi';
export { OpenApiDefinition } from './components/OpenApiDefinition';
export { apiTryOutPlugin as default } from './plugin';
