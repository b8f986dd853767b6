import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type BedFolder } from '../BedFolder';

/** Built from a module of the Go proxy. */
export interface GoProgram {
  kind: 'go';
  name: string;
  module: string;
  version: string;
  package: string;
  /** Version of the modules that the module itself takes from its own folders. */
  staging?: string;
  /** Values of variables that its own build sets, by their full names. */
  stamps?: Readonly<Record<string, string>>;
  /** Its module's files are needed to run it. */
  keepsSources?: boolean;
  /** One on the PATH will do. */
  mayBeOnPath?: boolean;
}

/** Comes in a package of Debian. */
export interface DebianProgram {
  kind: 'debian';
  name: string;
  package: string;
  /** The file of the package that is the program. */
  file: string;
}

/** A program that a system needs. */
export type BedProgram = GoProgram | DebianProgram;

/** Where a program is; undefined when it has to be built or installed. */
export function findProgram(
  folder: BedFolder,
  program: BedProgram,
): string | undefined {
  const own = join(folder.programs, program.name);
  const isComplete =
    program.kind === 'debian' ||
    !program.keepsSources ||
    existsSync(folder.share(program.name));
  if (isComplete && isExecutable(own)) {
    return own;
  }
  return program.kind === 'debian' || program.mayBeOnPath
    ? findOnPath(program.name)
    : undefined;
}

/** A program of the machine. */
export function findOnPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map(folder => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
