import { ConfigReader } from '@backstage/config';
import { LocalSecretSealer } from './LocalSecretSealer';
import { readSecretSealer } from './readSecretSealer';

const options = { key: 'own.sealingKeys', purpose: 'secrets of the test' };

it('takes own keys before those of the backend, and is absent without any', async () => {
  const sealerOf = (secret: string) =>
    new LocalSecretSealer({ secrets: [secret], purpose: options.purpose });
  const both = readSecretSealer(
    new ConfigReader({
      backend: { auth: { keys: [{ secret: 'backend' }] } },
      own: { sealingKeys: ['own'] },
    }),
    options,
  );
  const sealed = await both?.seal('x', 'p');
  await expect(sealed && sealerOf('own').open(sealed, 'p')).resolves.toBe('x');
  await expect(
    both?.open(await sealerOf('backend').seal('x', 'p'), 'p'),
  ).resolves.toBe('x');
  expect(readSecretSealer(new ConfigReader({}), options)).toBeUndefined();
});
