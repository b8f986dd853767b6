import { bedSystems } from './bedSystems';
import { chooseSystems, layerOf } from './chooseSystems';

describe('chooseSystems', () => {
  it('takes what is needed along, before what needs it', () => {
    const names = chooseSystems(bedSystems, ['argocd']).map(({ name }) => name);
    expect(names).toEqual(['etcd', 'kubernetes', 'redis', 'argocd']);
    expect(chooseSystems(bedSystems, [])).toEqual(bedSystems);
    expect(() => chooseSystems(bedSystems, ['argo'])).toThrow(
      "The test bed has no system 'argo'; it has postgres, gitea, etcd",
    );
  });

  it('stands on layers that are above all that is needed', () => {
    for (const system of bedSystems) {
      for (const need of system.needs) {
        const [needed] = chooseSystems(bedSystems, [need]).slice(-1);
        expect(needed?.name).toBe(need);
        expect(needed && layerOf(bedSystems, needed)).toBeLessThan(
          layerOf(bedSystems, system),
        );
      }
    }
  });
});
