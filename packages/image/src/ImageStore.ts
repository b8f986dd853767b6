import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@portico/launcher';
import { z } from 'zod';
import { runTool, type ToolOptions } from './runTool';

/** What an image says about how it runs. */
const inspectSchema = z.object({
  OCIv1: z.object({
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      Cmd: z.array(z.string()),
      WorkingDir: z.string(),
      Labels: z.record(z.string(), z.string()),
    }),
  }),
});

/** What an image says about how it runs. */
export type ImageConfig = z.infer<typeof inspectSchema>['OCIv1']['config'];

const BASE_NODE = 'localhost/portico-base-node';
const BASE_POSTGRES = 'localhost/portico-base-postgres';
const IMAGE = 'localhost/portico-test';

// A mirror that lags is no reason to fail a test of ours.
const LAGGING = 'Acquire::Check-Valid-Until "false"';
const MIRROR = 'http://deb.debian.org/debian';

/**
 * Images of a machine without a container engine: bases are made of Debian packages, and
 * buildah builds the same Dockerfile on them without namespaces. Needs root on Debian.
 */
export class ImageStore {
  readonly #folder: string;
  readonly #options: ToolOptions;

  constructor(options: ToolOptions = {}) {
    this.#folder = join(
      process.env.PORTICO_IMAGE_CACHE ??
        join(homedir(), '.cache/portico-image'),
    );
    this.#options = options;
  }

  /** Makes what stands in for the images of Node and PostgreSQL, once. */
  async makeBases(node: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const debian = await this.#bootstrap('debian', 'trixie', 'apt', [
      '--include=ca-certificates',
      `--customize-hook=echo '${LAGGING};' > $1/etc/apt/apt.conf.d/99lagging`,
    ]);
    // The stable Debian has no client of PostgreSQL 18; the next one does.
    const client = await this.#bootstrap('postgres', 'forky', 'essential', [
      '--include=postgresql-client-18',
    ]);
    const certificates = '/etc/ssl/certs/ca-certificates.crt';
    await this.#commit(BASE_NODE, debian, async container => {
      await this.#buildah('copy', container, node, '/usr/local/bin/node');
      if (existsSync(certificates)) {
        // what this machine trusts, for the downloads of the build
        const trusted = '/etc/ssl/build-machine.crt';
        await this.#buildah('copy', container, certificates, trusted);
        await this.#buildah(
          'config',
          '--env',
          `NODE_EXTRA_CA_CERTS=${trusted}`,
          container,
        );
      }
    });
    await this.#commit(BASE_POSTGRES, client, async () => {});
  }

  /** Builds the Dockerfile of the repository on those bases. */
  async build(): Promise<void> {
    const yarnCache = join(this.#folder, 'yarn');
    await mkdir(yarnCache, { recursive: true });
    await this.#buildah(
      'bud',
      '--isolation=chroot',
      '--layers=false',
      '--pull-never',
      '--format=docker',
      `--volume=${yarnCache}:/root/.yarn`,
      `--build-arg=NODE_IMAGE=${BASE_NODE}`,
      `--build-arg=POSTGRES_IMAGE=${BASE_POSTGRES}`,
      `--tag=${IMAGE}`,
      repositoryRoot,
    );
  }

  async inspect(): Promise<ImageConfig> {
    const text = await this.#buildah('inspect', '--type=image', IMAGE);
    return inspectSchema.parse(JSON.parse(text)).OCIv1.config;
  }

  /** Unpacks the image; to be given back with `unmount`. */
  async mount(): Promise<{ root: string; container: string }> {
    const container = lastLine(
      await this.#buildah('from', '--pull-never', IMAGE),
    );
    return {
      container,
      root: lastLine(await this.#buildah('mount', container)),
    };
  }

  async unmount(container: string): Promise<void> {
    await this.#buildah('umount', container);
    await this.#buildah('rm', container);
  }

  async #bootstrap(
    name: string,
    suite: string,
    variant: string,
    args: readonly string[],
  ): Promise<string> {
    const file = join(this.#folder, `${name}-${suite}.tar`);
    if (existsSync(file)) return file;
    await runTool(
      'mmdebstrap',
      [
        `--variant=${variant}`,
        `--aptopt=${LAGGING}`,
        ...args,
        suite,
        `${file}.partial.tar`,
        MIRROR,
      ],
      this.#options,
    );
    await rename(`${file}.partial.tar`, file);
    return file;
  }

  async #commit(
    name: string,
    rootfs: string,
    change: (container: string) => Promise<void>,
  ): Promise<void> {
    const images = await this.#buildah('images', '--format={{.Name}}');
    if (images.split('\n').includes(name)) return;
    const container = lastLine(await this.#buildah('from', 'scratch'));
    await this.#buildah('add', container, rootfs, '/');
    await this.#buildah(
      'config',
      '--env=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      container,
    );
    await change(container);
    await this.#buildah('commit', container, name);
    await this.#buildah('rm', container);
  }

  #buildah(command: string, ...args: readonly string[]): Promise<string> {
    return runTool(
      'buildah',
      [
        '--storage-driver=vfs',
        `--root=${join(this.#folder, 'storage')}`,
        `--runroot=${join(this.#folder, 'storage-run')}`,
        command,
        ...args,
      ],
      this.#options,
    );
  }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
