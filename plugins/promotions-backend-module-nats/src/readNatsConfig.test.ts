import { ConfigReader } from '@backstage/config';
import { readNatsConfig } from './readNatsConfig';

const read = (nats: unknown) =>
  readNatsConfig(
    new ConfigReader(JSON.parse(JSON.stringify({ promotions: { nats } }))),
  );

it('publishes nothing unless told where', () => {
  expect(read(undefined)).toBeUndefined();
  expect(read(null)).toBeUndefined();
});

it('takes servers with TLS, and others on loopback', () => {
  const servers = ['tls://nats.example:4222', 'nats://127.0.0.1:4222'];
  expect(read({ servers })).toEqual({
    servers,
    stream: 'PORTICO',
    subjectPrefix: 'portico',
  });
});

it.each([
  [{ servers: [] }],
  [{ servers: ['nats://nats.example:4222'] }],
  [{ servers: ['nats://127.0.0.1.evil.example:4222'] }],
  [{ servers: ['tls://me:secret@nats.example:4222'] }],
  [{ servers: ['tls://nats.example'], stream: 'a.b' }],
  [{ servers: ['tls://nats.example'], unknown: true }],
])('refuses %j', nats => {
  expect(() => read(nats)).toThrow(/^promotions\.nats is wrong: /);
});
