export * from './askJson';
export * from './DeliveryDriver';
export * from './DeploymentRepository';
export * from './events';
export * from './extensionPoints';
export * from './Gate';
export * from './PromotionsService';
export * from './readGateServers';
