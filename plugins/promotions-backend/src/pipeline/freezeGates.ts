import { InputError } from '@backstage/errors';
import {
  type FrozenGate,
  type GateDeclaration,
} from '@portico/plugin-promotions-common';
import { type Gate } from '@portico/plugin-promotions-node';

/**
 * The gates of a stage as a promotion keeps them: options checked by their modules.
 *
 * @throws InputError that names pipeline, stage and gate, and what is expected
 */
export function freezeGates(options: {
  pipelineRef: string;
  stage: string;
  declarations: readonly GateDeclaration[];
  kinds: ReadonlyMap<string, Gate>;
}): FrozenGate[] {
  const { pipelineRef, stage, declarations, kinds } = options;
  return declarations.map(({ name, kind, ...written }) => {
    const place = `${pipelineRef}, stage "${stage}", gate "${name}"`;
    const gate = kinds.get(kind);
    if (!gate) {
      throw new InputError(
        `${place}: no gate of the kind "${kind}" is installed; expected one of ${[
          ...kinds.keys(),
        ]
          .sort()
          .join(', ')}`,
      );
    }
    try {
      return {
        name,
        kind,
        options: withoutUndefined(gate.checkOptions(written)),
        requiredBy: pipelineRef,
      };
    } catch (error) {
      if (error instanceof Error && error.name === 'InputError') {
        throw new InputError(`${place}: ${error.message}`);
      }
      throw error;
    }
  });
}

/** As JSON carries it. */
function withoutUndefined(
  options: ReturnType<Gate['checkOptions']>,
): FrozenGate['options'] {
  return JSON.parse(JSON.stringify(options));
}
