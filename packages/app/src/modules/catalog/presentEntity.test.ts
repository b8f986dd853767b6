import { presentEntity } from './presentEntity';

const entityRef = 'component:aurora/cart';

describe('presentEntity', () => {
  it('leaves the tenant out of the name and keeps it in the details', () => {
    expect(presentEntity({ entityRef })).toMatchObject({
      primaryTitle: 'cart',
      secondaryTitle: expect.stringContaining(entityRef),
    });
  });

  it('keeps a kind that is not the one of the list', () => {
    expect(
      presentEntity({ entityRef, context: { defaultKind: 'api' } })
        .primaryTitle,
    ).toBe('component:cart');
  });

  it('prefers a title', () => {
    expect(
      presentEntity({
        entityRef,
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { namespace: 'aurora', name: 'cart', title: 'The cart' },
        },
      }).primaryTitle,
    ).toBe('The cart');
  });
});
