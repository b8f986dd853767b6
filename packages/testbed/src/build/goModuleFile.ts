import { z } from 'zod';
import { type BedProgram } from './BedProgram';

/** What `go mod edit -json` tells of a module file. */
export const goModuleSchema = z.object({
  Go: z.string().optional(),
  Replace: z
    .array(
      z.object({
        Old: z.object({ Path: z.string(), Version: z.string().optional() }),
        New: z.object({ Path: z.string(), Version: z.string().optional() }),
      }),
    )
    .nullish()
    .transform(list => list ?? []),
});
export type GoModule = z.infer<typeof goModuleSchema>;

/**
 * A module of our own that requires the program's. Go heeds replacements of the main module
 * only, so those of the program's module are repeated. Folders are not in the proxy.
 */
export function goModuleFile(program: BedProgram, module: GoModule): string {
  const replacements = module.Replace.flatMap(({ Old, New }) => {
    const old = [Old.Path, Old.Version].filter(Boolean).join(' ');
    return New.Version ? [`replace ${old} => ${New.Path} ${New.Version}`] : [];
  });
  return [
    `module testbed/${program.name}`,
    `go ${module.Go ?? '1.24'}`,
    `require ${program.module} ${program.version}`,
    ...replacements,
    '',
  ].join('\n');
}
