export * from './Migrations';
export * from './PorticoDatabase';
