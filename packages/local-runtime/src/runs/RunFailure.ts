import { type RunReason } from '@portico/plugin-local-runtime-common';

/** A run that did not succeed, with what its owner is told. */
export class RunFailure extends Error {
  constructor(readonly reason: RunReason) {
    super(reason.message);
    this.name = 'RunFailure';
  }
}
