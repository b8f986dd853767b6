import { type Operation } from '../operations/Operation';
import {
  platformKinds,
  type Principal,
  type PrincipalKind,
  principalKinds,
} from '../principals/Principal';
import { type World } from '../world/World';
import { type MatrixCell } from './runCells';

/** The size of a matrix: each operation, asked across each pair, as each principal. */
export interface MatrixShape {
  operations: number;
  pairs: number;
  principals: number;
}

/** A part of the matrix whose callers are of one tenant. */
export interface MatrixPart {
  from: string;
  cells: MatrixCell[];
}

/** Which pairs are asked: all, or a ring, in which each tenant asks for one other's things. */
export type Pairs = 'all' | 'ring';

/**
 * All cells: operation × ordered pair of tenants × principal. The platform's people belong
 * to no pair; they ask for the owner's things once for each tenant that could ask.
 */
export function matrixCells(
  world: World,
  operations: readonly Operation[],
  kinds: readonly PrincipalKind[] = principalKinds,
  pairs: Pairs = 'all',
): { shape: MatrixShape; parts: MatrixPart[] } {
  const present = kinds.filter(kind =>
    platformKinds.has(kind)
      ? world.principals.some(principal => principal.kind === kind)
      : world.tenants.every(({ id }) =>
          world.principals.some(
            principal => principal.kind === kind && principal.tenant === id,
          ),
        ),
  );
  const { tenants } = world;
  const ownersFor = (place: number) =>
    pairs === 'all'
      ? tenants.filter((_, other) => other !== place)
      : [tenants[(place + 1) % tenants.length]];
  const parts = tenants.map(({ id: from }, place) => ({
    from,
    cells: ownersFor(place).flatMap(({ id: owner }) =>
      operations.flatMap(operation =>
        present.map(kind => ({
          operation,
          principal: principalOf(world, kind, from),
          from,
          owner,
        })),
      ),
    ),
  }));
  return {
    parts,
    shape: {
      operations: operations.length,
      pairs: tenants.flatMap((_, place) => ownersFor(place)).length,
      principals: present.length,
    },
  };
}

/** @throws Error when the world has nobody of this kind */
export function principalOf(
  world: World,
  kind: PrincipalKind,
  tenant: string,
): Principal {
  const principal = world.principals.find(
    candidate =>
      candidate.kind === kind &&
      (platformKinds.has(kind) || candidate.tenant === tenant),
  );
  if (!principal) {
    throw new Error(`There is no ${kind} of ${tenant} in the suite's world`);
  }
  return principal;
}
