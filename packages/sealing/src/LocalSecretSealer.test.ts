import { LocalSecretSealer } from './LocalSecretSealer';

function sealerOf(...secrets: string[]): LocalSecretSealer {
  return new LocalSecretSealer({ secrets, purpose: 'secrets of the test' });
}

describe('LocalSecretSealer', () => {
  it('opens what any of its keys sealed, in the same place only', async () => {
    const before = sealerOf('old');
    const after = sealerOf('new', 'old');
    const sealed = await before.seal('secret ü', 'here');

    await expect(after.open(sealed, 'here')).resolves.toBe('secret ü');
    await expect(after.open(sealed, 'there')).resolves.toBeUndefined();
    await expect(sealerOf('new').open(sealed, 'here')).resolves.toBeUndefined();
    const renewed = await after.seal('x', 'here');
    expect(renewed.keyId).toBe(after.keyId);
    expect(renewed.keyId).not.toBe(sealed.keyId);
    await expect(
      sealerOf('old').open(renewed, 'here'),
    ).resolves.toBeUndefined();
    const again = await before.seal('secret ü', 'here');
    expect(again.sealed).not.toEqual(sealed.sealed);
  });

  it('refuses what was changed by one bit or cut', async () => {
    const sealer = sealerOf('key');
    const { keyId, sealed } = await sealer.seal('secret', 'here');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      // eslint-disable-next-line no-bitwise -- one bit is what is changed
      changed[index] ^= 1;
      await expect(
        sealer.open({ keyId, sealed: changed }, 'here'),
      ).resolves.toBeUndefined();
      await expect(
        sealer.open({ keyId, sealed: sealed.subarray(0, index) }, 'here'),
      ).resolves.toBeUndefined();
    }
  });

  it('has other keys for another purpose, and needs one', async () => {
    const sealed = await sealerOf('key').seal('secret', 'here');
    const other = new LocalSecretSealer({ secrets: ['key'], purpose: 'other' });
    await expect(other.open(sealed, 'here')).resolves.toBeUndefined();
    expect(() => sealerOf()).toThrow('There is no key to seal');
  });
});
