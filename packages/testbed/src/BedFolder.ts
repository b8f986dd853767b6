import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the bed keeps things. Programs stay; what a run makes is made anew by each start, and
 * its logs stay until the next one.
 */
export class BedFolder {
  readonly root: string;
  /** What one run makes. */
  readonly run: string;

  /**
   * @param root - `PORTICO_TESTBED` or a folder in the user's cache, when not given
   * @param run - `PORTICO_TESTBED_RUN` or a folder in it, when not given: beds of several
   *   runs share their programs
   */
  constructor(
    root = process.env.PORTICO_TESTBED ||
      join(homedir(), '.cache', 'portico-testbed'),
    run = process.env.PORTICO_TESTBED_RUN || join(root, 'run'),
  ) {
    this.root = root;
    this.run = run;
  }

  /** Programs that were built. */
  get programs(): string {
    return join(this.root, 'bin');
  }

  /** Modules that programs are built from. */
  get sources(): string {
    return join(this.root, 'src');
  }

  /** What came with a program: manifests, templates. */
  share(program: string): string {
    return join(this.root, 'share', program);
  }

  get logs(): string {
    return join(this.run, 'log');
  }

  get processes(): string {
    return join(this.run, 'pid');
  }

  /** Addresses and credentials of what runs; only for whoever started it. */
  get state(): string {
    return join(this.run, 'bed.json');
  }
}
