import { type PluginMigrations } from '@portico/database';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { bindingsMigrations } from '@portico/plugin-bindings-backend';
import { promotionsMigrations } from '@portico/plugin-promotions-backend';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import { wallsMigrations } from '@portico/walls';

/** The tables of all plugins of ours, in the order in which they are made. */
export const portalMigrations: readonly PluginMigrations[] = [
  auditMigrations,
  tenancyMigrations,
  bindingsMigrations,
  wallsMigrations,
  promotionsMigrations,
];
