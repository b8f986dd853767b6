import { z } from 'zod';
import { type GoProgram } from './BedProgram';

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
 * only, so those of the program's module are repeated; folders of its own repository are not
 * in the proxy, and become the modules that they are released as.
 */
export function goModuleFile(program: GoProgram, module: GoModule): string {
  const replacements = module.Replace.flatMap(({ Old, New }) => {
    const old = [Old.Path, Old.Version].filter(Boolean).join(' ');
    if (New.Version) {
      return [`replace ${old} => ${New.Path} ${New.Version}`];
    }
    return program.staging && New.Path.startsWith('./staging/')
      ? [`replace ${old} => ${Old.Path} ${program.staging}`]
      : [];
  });
  return [
    `module testbed/${program.name}`,
    `go ${module.Go ?? '1.24'}`,
    `require ${program.module} ${program.version}`,
    ...replacements,
    '',
  ].join('\n');
}
