export { authModulePersonas as default } from './module';
export { PERSONA_HEADER, PERSONA_PROVIDER_ID } from './personaAuthenticator';
