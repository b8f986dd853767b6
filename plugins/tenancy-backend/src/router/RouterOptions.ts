import { type RootConfigService } from '@backstage/backend-plugin-api';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type PorticoDatabase } from '@portico/database';
import { type ScimStore } from '../scim/ScimStore';
import { type DeviceRequestStore } from '../service/DeviceRequestStore';
import { type DirectoryStore } from '../service/DirectoryStore';
import { type GroupStore } from '../service/GroupStore';
import { type MachineTokenStore } from '../service/MachineTokenStore';
import { type MemberStore } from '../service/MemberStore';
import { type SessionStore } from '../service/SessionStore';
import { type SourceStore } from '../service/SourceStore';
import { type TenantStore } from '../service/TenantStore';
import { type SourceEvents } from '../SourceEvents';
import { type WebhookStore } from '../webhooks/WebhookStore';
import { type TenancyAccess } from './TenancyAccess';

/** What the tenancy's routes work with. */
export interface RouterOptions {
  config: RootConfigService;
  database: PorticoDatabase;
  tenancy: TenancyService;
  access: TenancyAccess;
  events: SourceEvents;
  tenants: TenantStore;
  members: MemberStore;
  sessions: Pick<SessionStore, 'list'>;
  groups: GroupStore;
  tokens: MachineTokenStore;
  devices: DeviceRequestStore;
  directories: DirectoryStore;
  scim: ScimStore;
  sources: SourceStore;
  webhooks: WebhookStore;
  now: () => Date;
}
