export * from './LocalSecretSealer';
export * from './SecretSealer';
