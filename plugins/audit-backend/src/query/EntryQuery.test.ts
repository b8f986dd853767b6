import { AuditEngine, record } from '../__testUtils__/AuditEngine';
import { EntryQuery } from './EntryQuery';

describe('a search that takes too long', () => {
  let engine: AuditEngine;

  beforeAll(async () => {
    engine = await AuditEngine.create();
    await engine.append(record());
    await engine.relayAll();
  });
  afterAll(() => engine?.destroy());

  it('is ended, and says what to do', async () => {
    const entries = new EntryQuery({
      database: engine.database,
      timeOutMilliseconds: 200,
    });
    const search = () =>
      entries.page(
        { kind: 'own', chain: 'aurora' },
        { filter: { text: 'thing' }, limit: 1 },
      );
    await engine.withClient(
      engine.testDatabase.adminConnectionString,
      async client => {
        await client.query('begin');
        await client.query('lock table portico_audit.entries');
        await expect(search()).rejects.toMatchObject({
          name: 'TooBroadError',
          statusCode: 422,
          message:
            'The search took longer than 0.2 seconds and was ended: narrow it to one chain, a shorter time or one act, or search for a rarer word',
        });
        await client.query('rollback');
      },
    );
    expect((await search()).items).toHaveLength(1);
  });
});
