import { mockServices } from '@backstage/backend-test-utils';
import { type JsonObject } from '@backstage/types';
import { readAuditConfig, retentionDays } from './readAuditConfig';

const seed = Buffer.alloc(32, 1).toString('base64');

const read = (audit: JsonObject) =>
  readAuditConfig(
    mockServices.rootConfig({
      data: { app: { baseUrl: 'http://localhost:7007/portal' }, audit },
    }),
  );
const withDestination = (destination: JsonObject) =>
  read({ signingKeys: [seed], checkpoints: { destinations: [destination] } });

describe('readAuditConfig', () => {
  it('fills in what is not said', () => {
    expect(read({ signingKeys: [seed] })).toEqual({
      origin: 'localhost:7007',
      signingKeys: [seed],
      checkpoints: {
        everyEntries: 1000,
        everyMilliseconds: 300_000,
        destinations: [],
      },
      retention: { tenants: {} },
    });
    expect(
      read({
        origin: 'audit.example.com',
        signingKeys: [seed],
        checkpoints: { every: { hours: 1 } },
      }),
    ).toMatchObject({
      origin: 'audit.example.com',
      checkpoints: { everyMilliseconds: 3_600_000 },
    });
  });

  it('knows how long each chain is kept', () => {
    const { retention } = read({
      signingKeys: [seed],
      retention: { days: 365, tenants: { aurora: { days: 30 } } },
    });
    expect(retentionDays(retention, 'aurora')).toBe(30);
    expect(retentionDays(retention, 'borealis')).toBe(365);
    expect(retentionDays({ tenants: {} }, 'aurora')).toBeUndefined();
  });

  it.each<[key: string, audit: JsonObject]>([
    ['audit.signingKeys.0', { signingKeys: ['hush-hush'] }],
    ['audit.signingKeys', { signingKeys: [] }],
    ['audit.origin', { signingKeys: [seed], origin: 'a b' }],
    ['audit.retention.days', { signingKeys: [seed], retention: { days: 29 } }],
    [
      'audit.retention.tenants.aurora.days',
      { signingKeys: [seed], retention: { tenants: { aurora: { days: 1 } } } },
    ],
    [
      'audit.checkpoints.every',
      { signingKeys: [seed], checkpoints: { every: { seconds: 0 } } },
    ],
  ])('names %s when it is wrong, and not its value', (key, audit) => {
    expect(() => read(audit)).toThrow(`${key}: `);
    expect(() => read(audit)).not.toThrow(/hush/);
  });

  it.each<JsonObject>([
    { type: 'file', directory: '/x' },
    { name: 'Not A Name', type: 'file', directory: '/x' },
    { name: 'a', type: 'ftp', url: 'ftp://x' },
    { name: 'a', type: 'git', url: 'https://kim:hush@example.com/a.git' },
    { name: 'a', type: 'git', url: 'ext::sh -c hush' },
    { name: 'a', type: 'git', url: 'https://example.com', username: 'kim' },
    { name: 'a', type: 'git', url: 'https://example.com', branch: '-hush' },
    { name: 'a', type: 's3', bucket: 'vault', prefix: '../hush' },
    { name: 'a', type: 's3', bucket: 'vault', accessKeyId: 'hush' },
  ])('refuses the destination %j', destination => {
    expect(() => withDestination(destination)).toThrow(
      'The configuration of the audit is wrong: audit.checkpoints.destinations.0',
    );
    expect(() => withDestination(destination)).not.toThrow(/hush/);
  });
});
