import {
  type AuditorService,
  type BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { TestDatabase } from '@portico/database/testUtils';
import { personal } from '@portico/plugin-audit-common';
import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import express, { type Request } from 'express';
import request from 'supertest';
import { auditMigrations } from '../migrations';
import { createBridge } from './auditorServiceFactory';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

describe('the bridge from the stock auditor', () => {
  let testDatabase: TestDatabase;
  const log: string[] = [];
  const stock: AuditorService = {
    async createEvent({ eventId }) {
      log.push(`${eventId} began`);
      return {
        success: async () => {
          log.push(`${eventId} succeeded`);
        },
        fail: async () => {
          log.push(`${eventId} failed`);
        },
      };
    },
  };

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ migrations: [auditMigrations] });
  });
  afterAll(() => testDatabase.destroy());

  function bridge(
    pluginId: string,
    credentials: BackstageCredentials = mockCredentials.user('user:aurora/kim'),
    database = testDatabase.database,
  ) {
    log.length = 0;
    return createBridge({
      auth: mockServices.auth(),
      httpAuth: mockServices.httpAuth.mock({
        credentials: async () => credentials as never,
      }),
      database,
      logger: mockServices.logger.mock(),
      pluginId,
      stock,
    });
  }

  /** A request as a plugin holds it. */
  async function incoming(): Promise<Request> {
    let seen: Request | undefined;
    const app = express();
    app.post('/', (req, res) => {
      seen = req;
      res.end();
    });
    await request(app).post('/').set('x-request-id', 'request-1');
    if (!seen) {
      throw new Error('No request came');
    }
    return seen;
  }

  it('writes an act of a user before the work and at its end', async () => {
    const auditor = bridge('scaffolder');
    const event = await auditor.createEvent({
      eventId: 'task',
      severityLevel: 'medium',
      request: await incoming(),
      meta: { actionType: 'create', templateRef: 'template:default/service' },
    });
    const [started, ...none] = await recordedActs(testDatabase.database);
    expect(none).toEqual([]);
    expect(started).toMatchObject({
      chain: 'aurora',
      act: 'scaffolder.task.create',
      outcome: 'started',
      requestId: 'request-1',
      actor: {
        kind: 'person',
        ref: personal('user:aurora/kim', 'user:aurora/kim'),
      },
      subject: { kind: 'template', ref: 'template:default/service' },
    });
    await event.success({ meta: { taskId: 'task-1', output: 'sesame' } });
    const [, ended] = await recordedActs(testDatabase.database);
    expect(ended).toEqual({
      ...started,
      outcome: 'succeeded',
      details: { templateRef: 'template:default/service', taskId: 'task-1' },
    });
    expect(log).toEqual(['task began', 'task succeeded']);
  });

  it('keeps of a task for somebody whose it is, and no parameters', async () => {
    const auditor = bridge('scaffolder');
    const event = await auditor.createEvent({
      eventId: 'task',
      severityLevel: 'medium',
      meta: {
        actionType: 'execution',
        createdBy: 'user:borealis/bob',
        taskId: 'task-2',
        taskParameters: { password: 'sesame' },
      },
    });
    await event.fail({ error: new NotAllowedError('Not for you') });
    const [started, ended] = (
      await recordedActs(testDatabase.database, 'scaffolder.task.execution')
    ).slice(-2);
    expect(started).toMatchObject({
      chain: 'borealis',
      actor: { kind: 'plugin', ref: 'plugin:scaffolder' },
      onBehalfOf: personal('user:borealis/bob', 'user:borealis/bob'),
      subject: { kind: 'task', ref: 'task-2' },
      payloadDigest: expect.stringMatching(/^sha256:/),
      details: { taskId: 'task-2' },
    });
    expect(ended).toMatchObject({
      outcome: 'refused',
      correlation: started.correlation,
      reason: personal('user:borealis/bob', 'Not for you'),
    });
    expect(JSON.stringify([started, ended])).not.toContain('sesame');
  });

  it('gives what a service does to the tenant that it is done to', async () => {
    const service = mockCredentials.service('plugin:search');
    const chains = [];
    for (const meta of [
      { queryType: 'refresh', entityRef: 'component:aurora/shop' },
      { queryType: 'refresh', entityRef: 'no ref' },
      { actionType: 'ODD NAME' },
    ]) {
      await bridge('catalog', service).createEvent({
        eventId: 'entity-mutate',
        severityLevel: 'high',
        request: await incoming(),
        meta,
      });
      const { chain, act, severity, actor } = (
        await recordedActs(testDatabase.database)
      ).slice(-1)[0];
      chains.push([chain, act, severity, actor.ref]);
    }
    expect(chains).toEqual([
      ['aurora', 'catalog.entity-mutate.refresh', 'medium', 'plugin:search'],
      ['default', 'catalog.entity-mutate.refresh', 'medium', 'plugin:search'],
      ['default', 'audit.event.other', 'high', 'plugin:search'],
    ]);
  });

  it('only logs what reads, and lets nothing begin that it cannot record', async () => {
    const before = await recordedActs(testDatabase.database);
    await bridge('catalog').createEvent({ eventId: 'entity-fetch' });
    expect(log).toEqual(['entity-fetch began']);
    const broken = {
      ...testDatabase.database,
      inTenant: async () => {
        throw new Error('The outbox is gone');
      },
    };
    await expect(
      bridge('catalog', undefined, broken).createEvent({
        eventId: 'entity-mutate',
        severityLevel: 'medium',
        request: await incoming(),
      }),
    ).rejects.toThrow('The outbox is gone');
    expect(log).toEqual([]);
    await expect(recordedActs(testDatabase.database)).resolves.toEqual(before);
  });
});
