export * from './LocalSecretSealer';
export * from './SecretSealer';
export * from './readSecretSealer';
