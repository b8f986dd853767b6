export * from './BackupManifest';
export * from './BackupStore';
export * from './createBackup';
export * from './openBackupStore';
export * from './readBackup';
export * from './removeOldBackups';
export * from './restoreBackup';
