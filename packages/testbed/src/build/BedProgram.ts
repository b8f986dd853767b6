import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type BedFolder } from '../BedFolder';

/** A program that a system needs, built from a module of the Go proxy. */
export interface BedProgram {
  name: string;
  module: string;
  version: string;
  package: string;
  /** Values of variables that its own build sets, by their full names. */
  stamps?: Readonly<Record<string, string>>;
  /** Its module's files are needed to run it. */
  keepsSources?: boolean;
  /** One on the PATH will do. */
  mayBeOnPath?: boolean;
}

/** Where a program is; undefined when it has to be built. */
export function findProgram(
  folder: BedFolder,
  program: BedProgram,
): string | undefined {
  const own = join(folder.programs, program.name);
  const isComplete =
    !program.keepsSources || existsSync(folder.share(program.name));
  if (isComplete && isExecutable(own)) {
    return own;
  }
  return program.mayBeOnPath ? findOnPath(program.name) : undefined;
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
