import { readConfiguration } from './readConfiguration';

const environment = {
  PORTICO_RUNTIME_TOKEN: 'a-token-of-the-tests',
  PORTICO_GIT_DIRECTORY: '/data/git',
  PORTICO_RUNTIME_DIRECTORY: '/data/runtime',
};

it('takes what is needed, and has a default for the rest', () => {
  expect(
    readConfiguration({ ...environment, PORTICO_PORT: '7107' }),
  ).toMatchObject({
    host: '127.0.0.1',
    port: 7117,
    gitDirectory: '/data/git',
    directory: '/data/runtime',
    concurrentRuns: 1,
  });
});

it.each([
  ['in production', { NODE_ENV: 'production' }, /production/],
  ['on all addresses', { PORTICO_RUNTIME_HOST: '0.0.0.0' }, /loopback only/],
  ['by a name', { PORTICO_RUNTIME_HOST: 'localhost.example.com' }, /loopback/],
  ['without a token', { PORTICO_RUNTIME_TOKEN: undefined }, /RUNTIME_TOKEN/],
  ['with a short token', { PORTICO_RUNTIME_TOKEN: 'short' }, /RUNTIME_TOKEN/],
  ['on a folder from here', { PORTICO_GIT_DIRECTORY: 'git' }, /GIT_DIRECTORY/],
])('does not start %s', (_, wrong, message) => {
  expect(() => readConfiguration({ ...environment, ...wrong })).toThrow(
    message,
  );
});

it('does not repeat the token in its refusal', () => {
  expect(() =>
    readConfiguration({
      ...environment,
      PORTICO_RUNTIME_TOKEN: 'hunter2',
      PORTICO_RUNTIME_PORT: 'x',
    }),
  ).toThrow(expect.not.stringContaining('hunter2'));
});
