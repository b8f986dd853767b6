import { InputError } from '@backstage/errors';
import { type BedSystem } from './BedSystem';

/**
 * The systems of these names and all that they need, in the order of the list; all when none
 * is named.
 *
 * @throws InputError for a name that no system has
 */
export function chooseSystems(
  systems: readonly BedSystem[],
  names: readonly string[],
): BedSystem[] {
  const wanted = new Set<string>();
  const want = (name: string) => {
    const system = systems.find(one => one.name === name);
    if (!system) {
      throw new InputError(
        `The test bed has no system '${name}'; it has ${systems
          .map(one => one.name)
          .join(', ')}`,
      );
    }
    if (!wanted.has(name)) {
      wanted.add(name);
      system.needs.forEach(want);
    }
  };
  (names.length > 0 ? names : systems.map(({ name }) => name)).forEach(want);
  return systems.filter(({ name }) => wanted.has(name));
}

/** How many others have to be there before, one after the other. */
export function layerOf(
  systems: readonly BedSystem[],
  system: BedSystem,
): number {
  return Math.max(
    0,
    ...system.needs.map(need => {
      const needed = systems.find(({ name }) => name === need);
      return needed ? layerOf(systems, needed) + 1 : 0;
    }),
  );
}
