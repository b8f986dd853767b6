import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the bed keeps things. Programs stay; what a run makes is made anew by each start, and
 * its logs stay until the next one.
 */
export class BedFolder {
  readonly root: string;

  /** @param root - `PORTICO_TESTBED` or a folder in the user's cache, when not given */
  constructor(
    root = process.env.PORTICO_TESTBED ||
      join(homedir(), '.cache', 'portico-testbed'),
  ) {
    this.root = root;
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

  /** What one run makes. */
  get run(): string {
    return join(this.root, 'run');
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
