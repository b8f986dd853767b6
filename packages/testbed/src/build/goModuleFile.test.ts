import { goModuleFile, goModuleSchema } from './goModuleFile';

const program = {
  kind: 'go',
  name: 'server',
  module: 'example.org/server',
  version: 'v1.2.3',
  package: 'example.org/server/cmd/server',
} as const;

describe('goModuleFile', () => {
  it('repeats replacements of the module, and none by a folder', () => {
    const module = goModuleSchema.parse({
      Go: '1.25.0',
      Replace: [
        {
          Old: { Path: 'example.org/a', Version: 'v1.0.0' },
          New: { Path: 'example.org/b', Version: 'v2.0.0' },
        },
        { Old: { Path: 'example.org/c' }, New: { Path: '../c' } },
      ],
    });
    expect(goModuleFile(program, module)).toBe(
      [
        'module testbed/server',
        'go 1.25.0',
        'require example.org/server v1.2.3',
        'replace example.org/a v1.0.0 => example.org/b v2.0.0',
        '',
      ].join('\n'),
    );
  });

  it('takes what is released from its own folders as that release', () => {
    const module = goModuleSchema.parse({
      Go: '1.25.0',
      Replace: [
        {
          Old: { Path: 'k8s.io/api' },
          New: { Path: './staging/src/k8s.io/api' },
        },
      ],
    });
    expect(goModuleFile({ ...program, staging: 'v0.34.4' }, module)).toContain(
      '\nreplace k8s.io/api => k8s.io/api v0.34.4\n',
    );
    expect(goModuleSchema.parse({ Replace: null }).Replace).toEqual([]);
  });
});
