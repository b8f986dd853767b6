/** A column, or a whole table, whose changes are nobody's doing. */
export interface Exclusion {
  /** `schema.table`; `*.table` for the table of each plugin. */
  table: string;
  /** The columns that are left out; the whole table where there are none. */
  columns?: readonly string[];
  /** Only rows that have these values are left out, and all of each. */
  rows?: Readonly<Record<string, string>>;
  reason: string;
}

/** What may change in another tenant's rows while nobody touches them, and why. */
export const excludedColumns: readonly Exclusion[] = [
  {
    table: '*.backstage_backend_tasks__tasks',
    reason: 'The schedule of the portal’s own work; it belongs to no tenant.',
  },
  {
    table: '*.backstage_backend_public_keys__keys',
    reason: 'Keys that plugins sign with when they call each other.',
  },
  {
    table: 'auth.signing_keys',
    reason: 'Keys that the portal signs tokens with.',
  },
  {
    table: 'catalog.refresh_state',
    columns: [
      'next_update_at',
      'last_discovery_at',
      'next_stitch_at',
      'next_stitch_ticket',
      'update_after',
    ],
    reason: 'When the catalog looks at an entity again, in its own rhythm.',
  },
  {
    table: 'catalog.final_entities',
    columns: ['stitch_ticket', 'last_updated_at', 'hash'],
    reason:
      'When the catalog last put an entity together; what it put together is compared.',
  },
  {
    table: 'catalog.stitch_queue',
    reason:
      'Entities that wait to be put together again, in the catalog’s own rhythm.',
  },
  {
    table: 'search.documents',
    reason:
      'The index is written anew at each pass, from entities and docs, which are compared.',
  },
  {
    table: 'scaffolder.tasks',
    columns: ['last_heartbeat_at'],
    reason: 'A sign of life of the worker.',
  },
  {
    table: 'portico_tenancy.source_scans',
    columns: ['scanned_at'],
    reason: 'Sources are read again in the portal’s own rhythm.',
  },
  {
    table: 'portico_audit.outbox',
    reason:
      'Acts wait here until they stand in a chain, where they are compared.',
  },
  {
    table: 'portico_audit.entries',
    rows: { act: 'tenancy.session.refuse' },
    reason:
      'A refused sign-in with a tenant’s name or token is about that tenant, so it stands in its chain, without a caller.',
  },
  {
    table: 'portico_audit.entries',
    rows: { act: 'tenancy.webhook.refuse' },
    reason:
      'A refused webhook of a tenant’s source is about that tenant, so it stands in its chain, without a caller.',
  },
  {
    table: 'portico_audit.entries',
    rows: { act: 'audit.export.create' },
    reason:
      'That an auditor of the platform took a copy of a chain is recorded in that chain.',
  },
  {
    table: 'portico_audit.personal_data',
    rows: { person: 'user:default/ana' },
    reason: 'The auditor of those entries.',
  },
  {
    table: 'portico_audit.tree_nodes',
    reason: 'Digests over entries, which are compared.',
  },
  {
    table: 'portico_audit.checkpoints',
    reason: 'Made by time, over entries that are compared.',
  },
  {
    table: 'portico_audit.deliveries',
    reason: 'Follow from checkpoints.',
  },
  {
    table: 'graphile_worker._private_jobs',
    reason:
      'Jobs come and go in the worker’s own rhythm; what they do stands in tables that are compared.',
  },
  {
    table: 'portico_promotions.promotions',
    columns: [
      'attempts',
      'due_at',
      'leased_by',
      'leased_until',
      'phase',
      'phase_since',
      'reason',
      'revision',
      'subject',
    ],
    reason:
      'The portal asks the gates of what waits again and again; who asked, when it ended and what went past gates are compared.',
  },
  {
    table: 'portico_promotions.gate_results',
    reason: 'What gates say when the portal asks them again.',
  },
  {
    table: 'portico_promotions.transitions',
    rows: { by_ref: 'plugin:promotions' },
    reason: 'Steps that the portal takes by itself.',
  },
  {
    table: 'portico_promotions.drift',
    columns: ['last_seen_at', 'resolved_at', 'told_at'],
    reason: 'When the portal saw a drift last, in its own rhythm.',
  },
  {
    table: 'portico_promotions.drift',
    rows: { source: 'local runtime' },
    reason: 'What the portal observes by itself, in its own rhythm.',
  },
  {
    table: 'portico_promotions.drift_scan',
    reason: 'How far the portal’s own look for drift is, of all tenants.',
  },
  {
    table: 'portico_promotions.declarations',
    reason: 'How far the portal’s own look at deployment files is.',
  },
  {
    table: 'portico_promotions.notices',
    reason:
      'What people are told when a promotion waits or ends, which is compared.',
  },
  {
    table: 'notifications.notification',
    rows: { origin: 'plugin:promotions' },
    reason: 'The same, once it is sent in the portal’s own rhythm.',
  },
  {
    table: 'portico_promotions.events',
    reason: 'Follow from what is compared, and from what the portal observes.',
  },
  {
    table: 'portico_audit.entries',
    rows: { act: 'promotions.promotion.evaluate' },
    reason: 'The portal asks the gates of what waits again.',
  },
  {
    table: 'portico_audit.entries',
    rows: { act: 'promotions.promotion.wait' },
    reason: 'A gate has no yes yet when the portal asks again.',
  },
  {
    table: 'portico_walls.*',
    reason:
      'Counts how many requests each tenant and person sent; requests of the suite count as well.',
  },
];
