// `npm run image` and `npm run test:image`, started by bin/image.mjs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, isError } from '@backstage/errors';
import { repositoryRoot, TerminalHost } from '@portico/launcher';
import { Checks } from './Checks';
import { ImageStore } from './ImageStore';
import { runTool, tryTool } from './runTool';
import { smokeTest } from './smokeTest';

const host = new TerminalHost();
const print = (line: string) => host.print(line);

/** Builds with what the machine has; arguments go to that program. */
async function build(args: readonly string[]): Promise<number> {
  for (const engine of ['docker', 'podman', 'buildah']) {
    const there = await tryTool(engine, ['info']).catch(() => undefined);
    if (there?.code !== 0) continue;
    const revision = await runTool('git', ['rev-parse', 'HEAD'], {
      cwd: repositoryRoot,
    });
    const { code } = await tryTool(
      engine,
      [
        ...[engine === 'buildah' ? 'bud' : 'build', '--tag', 'portico'],
        ...['--build-arg', `REVISION=${revision.trim()}`],
        ...args,
        '.',
      ],
      {
        cwd: repositoryRoot,
        signal: host.signal,
        onOutput: text => process.stderr.write(text),
      },
    );
    return code;
  }
  throw new InputError(
    'There is neither docker nor podman nor buildah here that works: install one of them',
  );
}

async function test(): Promise<number> {
  if (process.getuid?.() !== 0) {
    throw new InputError(
      'The test of the image makes base images and mounts, so it needs root (or use a container with it)',
    );
  }
  const store = new ImageStore({ signal: host.signal });
  const checks = new Checks(print);
  const folder = await mkdtemp(join(tmpdir(), 'portico-image-'));
  try {
    const since = Date.now();
    const seconds = () => Math.round((Date.now() - since) / 1000);
    await store.makeBases(process.execPath);
    print(`base images: ${seconds()} s`);
    if (process.env.PORTICO_IMAGE_BUILT) {
      print('skipped: the build, as PORTICO_IMAGE_BUILT asks for');
    } else {
      await store.build();
      print(`image: ${seconds()} s`);
    }
    await smokeTest({ store, folder, checks });
    return checks.end();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'build':
      return build(args);
    case 'test':
      return test();
    default:
      throw new InputError(
        `The image knows build and test, not '${command ?? ''}'`,
      );
  }
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${isError(error) ? error.message : error}\n`);
    process.exit(1);
  },
);
