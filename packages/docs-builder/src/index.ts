export * from './readOptions';
export * from './runLimited';
