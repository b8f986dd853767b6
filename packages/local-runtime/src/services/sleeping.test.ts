import { serviceFiles } from '../__testUtils__/serviceFiles';
import { TestGit } from '../__testUtils__/TestGit';
import { TestRuntime, until } from '../__testUtils__/TestRuntime';

jest.setTimeout(60_000);

const MEBIBYTE = 1024 * 1024;
const git = new TestGit();
const runtimes: TestRuntime[] = [];
function create(
  options: Omit<ConstructorParameters<typeof TestRuntime>[0], 'gitDirectory'>,
) {
  const runtime = new TestRuntime({ gitDirectory: git.directory, ...options });
  runtimes.push(runtime);
  return runtime;
}
afterEach(async () => {
  await Promise.all(runtimes.splice(0).map(runtime => runtime.remove()));
});
afterAll(() => git.remove());

it('puts an idle service to sleep and wakes it by the first request', async () => {
  const client = await create({
    times: { idleMilliseconds: 700 },
  }).start();
  git.push('aurora', 'checkout', serviceFiles());
  const { items } = await client.releases(0, 20);
  git.declare('aurora', 'checkout', 'dev', items[0].digest);
  const dev = () => client.environment('aurora', 'checkout');
  const asleep = await until(async () => {
    const now = await dev();
    return now?.state === 'sleeping' && now.declared && now;
  });
  expect(asleep.running).toBeUndefined();
  expect(asleep.reason).toBeUndefined();
  // Many at once start it once.
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map(async () => {
      const response = await fetch(`${asleep.address}/`);
      return (await response.json()) as { pid: number };
    }),
  );
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(1);
  expect((await dev())?.lastRequestAt).toBeDefined();
  await until(async () => (await dev())?.state === 'sleeping');
});

it('puts the least recently used to sleep when memory gets short', async () => {
  // Two services of about 45 MiB fit; a third, taken to need 96 MiB, does not.
  const client = await create({
    configuration: { memoryLimitBytes: 160 * MEBIBYTE, concurrentRuns: 2 },
  }).start();
  const state = async (name: string) =>
    (await client.environment('borealis', name))?.state;
  const names = ['one', 'two', 'three'];
  names.forEach(name => git.push('borealis', name, serviceFiles({ name })));
  for (const name of names) {
    const digest = await until(async () => {
      const { items } = await client.releases(0, 1);
      return items.find(({ component }) => component === name)?.digest;
    });
    git.declare('borealis', name, 'dev', digest);
    await until(async () => (await state(name)) === 'running');
    // Known from then on; until then 96 MiB are assumed.
    await until(
      async () =>
        (await client.environment('borealis', name))?.memoryBytes !== undefined,
    );
  }
  const states = await Promise.all(names.map(state));
  expect(states.filter(now => now === 'running')).not.toHaveLength(3);
  expect(states[0]).toBe('sleeping');
  expect(states[2]).toBe('running');
  const one = await client.environment('borealis', 'one');
  expect((await fetch(`${one?.address}/`)).status).toBe(200);
  const { body } = await client.call('/v1/state');
  expect(body).toMatchObject({
    services: { memoryLimitBytes: 160 * MEBIBYTE },
  });
});
