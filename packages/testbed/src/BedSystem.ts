import { type Bed } from './Bed';
import { type BedState, type BedSystemName } from './BedState';
import { type BedProgram } from './build/BedProgram';

/** One real system of the bed. */
export interface BedSystem {
  name: BedSystemName;
  title: string;
  /** Started and ready before this one. */
  needs: readonly BedSystemName[];
  programs: readonly BedProgram[];
  /** Starts it; settles when it answers, with how to talk to it. */
  start(bed: Bed): Promise<BedState>;
}
