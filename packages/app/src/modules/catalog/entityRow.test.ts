import { toRow } from './entityRow';

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { namespace: 'aurora', name: 'cart', tags: ['java'] },
  spec: { type: 'service', owner: 'checkout', system: 'system:aurora/shop' },
};

describe('toRow', () => {
  it('names an entity, its owner and its system without the tenant', () => {
    expect(toRow(entity)).toMatchObject({
      id: 'component:aurora/cart',
      title: 'cart',
      owner: { kind: 'group', namespace: 'aurora', name: 'checkout' },
      partOf: { kind: 'system', namespace: 'aurora', name: 'shop' },
      isOfPlatform: false,
    });
  });

  it('takes the name of a person from the profile', () => {
    expect(
      toRow({
        ...entity,
        kind: 'User',
        spec: { profile: { displayName: 'Kim Nguyen' } },
      }),
    ).toMatchObject({ kind: 'user', title: 'Kim Nguyen' });
  });

  it('shows nothing where an author wrote what cannot be read', () => {
    expect(
      toRow({
        ...entity,
        spec: { type: ['service'], owner: ':/', system: 7 },
      }),
    ).toMatchObject({ type: undefined, owner: undefined, partOf: undefined });
  });
});
