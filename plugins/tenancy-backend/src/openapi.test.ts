import { ConfigReader } from '@backstage/config';
import {
  fieldsOf,
  OpenApiDocument,
  routesOf,
} from '@portico/http-api/testUtils';
import * as common from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import { createRouter } from './router/createRouter';
import { type RouterOptions } from './router/RouterOptions';

const document = OpenApiDocument.of('@portico/plugin-tenancy-backend');

describe('openapi.yaml', () => {
  it('describes every route and no other', () => {
    // Routes are only listed here, so nothing behind them is needed.
    const options: Partial<RouterOptions> = {
      config: new ConfigReader({
        app: { baseUrl: 'http://localhost' },
        backend: { baseUrl: 'http://localhost' },
      }),
    };
    const routes = routesOf(createRouter(options as RouterOptions));
    expect(routes.length).toBeGreaterThan(20);
    expect(document.operations()).toEqual(routes);
  });

  it('refers only to what it has, and has nothing that it does not refer to', () => {
    expect(document.version).toMatch(/^3\.1\./);
    expect(document.components()).toEqual(document.references());
  });

  it.each([
    ['Tenant', common.tenantSchema],
    ['CreateTenant', common.createTenantSchema],
    ['Source', common.sourceSchema],
    ['PutSource', common.putSourceSchema],
    ['PutSourceResult', common.putSourceResultSchema],
    ['Member', common.memberSchema],
    ['PutMember', common.putMemberSchema],
    ['Group', common.groupSchema],
    ['PutGroup', common.putGroupSchema],
    ['DirectoryAnswer', common.directoryAnswerSchema],
    ['Directory', common.directorySchema],
    ['PutDirectory', common.putDirectorySchema],
    ['DirectoryToken', common.directoryTokenSchema],
    ['CreateDirectoryToken', common.createDirectoryTokenSchema],
    ['CreatedDirectoryToken', common.createdDirectoryTokenSchema],
    ['Session', common.sessionSchema],
    ['SessionList', common.sessionListSchema],
    ['MachineToken', common.machineTokenSchema],
    ['CreateMachineToken', common.createMachineTokenSchema],
    ['CreatedMachineToken', common.createdMachineTokenSchema],
    ['Me', common.meSchema],
    ['Persona', common.personaSchema],
    ['StartDevice', common.startDeviceSchema],
    ['DeviceStart', common.deviceStartSchema],
    ['DeviceRequest', common.deviceRequestSchema],
    ['ApproveDevice', common.approveDeviceSchema],
    ['WebhookResult', common.webhookResultSchema],
  ])('describes %s with the fields that are checked', (name, schema) => {
    expect(fieldsOf(document.schema(name))).toEqual(
      fieldsOf(z.toJSONSchema(schema, { io: 'input' })),
    );
  });
});
