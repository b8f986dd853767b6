import { ConfigReader } from '@backstage/config';
import { SecretSealer } from './SecretSealer';

describe('SecretSealer', () => {
  it('opens what any of its keys sealed, in the same place only', () => {
    const before = new SecretSealer(['old']);
    const after = new SecretSealer(['new', 'old']);
    const sealed = before.seal('secret ü', 'here');

    expect(after.open(sealed, 'here')).toBe('secret ü');
    expect(after.open(sealed, 'there')).toBeUndefined();
    expect(new SecretSealer(['new']).open(sealed, 'here')).toBeUndefined();
    expect(
      new SecretSealer(['old']).open(after.seal('x', 'here'), 'here'),
    ).toBeUndefined();
    expect(before.seal('secret ü', 'here').sealed).not.toEqual(sealed.sealed);
  });

  it('refuses what was changed by one bit or cut', () => {
    const sealer = new SecretSealer(['key']);
    const { keyId, sealed } = sealer.seal('secret', 'here');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] ^= 1;
      expect(sealer.open({ keyId, sealed: changed }, 'here')).toBeUndefined();
      expect(
        sealer.open({ keyId, sealed: sealed.subarray(0, index) }, 'here'),
      ).toBeUndefined();
    }
  });

  it('takes its own keys before those of the backend, and says when there is none', () => {
    const backend = { auth: { keys: [{ secret: 'backend' }] } };
    const both = SecretSealer.fromConfig(
      new ConfigReader({ backend, tenancy: { sealingKeys: ['own'] } }),
    );
    expect(new SecretSealer(['own']).open(both.seal('x', 'p'), 'p')).toBe('x');
    expect(both.open(new SecretSealer(['backend']).seal('x', 'p'), 'p')).toBe(
      'x',
    );
    const none = SecretSealer.fromConfig(new ConfigReader({}));
    expect(none.hasKey).toBe(false);
    expect(() => none.seal('x', 'p')).toThrow('set tenancy.sealingKeys');
  });
});
