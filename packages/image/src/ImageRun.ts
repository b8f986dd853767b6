import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type ImageConfig } from './ImageStore';

/**
 * What `docker run --read-only --user 65532 --tmpfs /tmp` does, with the means of a
 * machine without an engine: own mounts and process ids, the image's root without the
 * right to write, and the program as process 1.
 */
const script = `
set -e
root=$1 user=$2 folder=$3; shift 3
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
while [ "$1" != -- ]; do mount --bind "$2" "$root$1"; shift 2; done
shift
exec chroot --userspec="$user" --groups="\${user#*:}" "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
`;

/** One container's worth of the image. */
export class ImageRun {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number>;
  #output = '';

  constructor(options: {
    root: string;
    config: ImageConfig;
    /** Instead of the command of the image. */
    args?: readonly string[];
    /** Instead of the entry point of the image. */
    entrypoint?: readonly string[];
    environment?: Record<string, string>;
    /** Folders of this machine, by where they are in the image. */
    volumes?: Record<string, string>;
  }) {
    const { root, config, volumes = {} } = options;
    this.#child = spawn(
      'unshare',
      [
        ...['--mount', '--pid', '--fork', '--kill-child'],
        ...['/bin/sh', '-c', script, 'portico-image-run'],
        ...[root, config.User, config.WorkingDir],
        ...Object.entries(volumes).flat(),
        '--',
        ...(options.entrypoint ?? config.Entrypoint),
        ...(options.args ?? config.Cmd),
      ],
      {
        env: {
          ...Object.fromEntries(
            config.Env.map(one => {
              const at = one.indexOf('=');
              return [one.slice(0, at), one.slice(at + 1)];
            }),
          ),
          ...options.environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', data => {
        this.#output += data;
      });
    }
    this.#exited = once(this.#child, 'close').then(([code]) => code ?? -1);
  }

  /** All that was written so far. */
  get output(): string {
    return this.#output;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null;
  }

  /** Settles with the exit code. */
  get exited(): Promise<number> {
    return this.#exited;
  }

  /** The id that process 1 of the image has on this machine. */
  async pid(): Promise<number> {
    const own = this.#child.pid;
    const children = await readFile(
      `/proc/${own}/task/${own}/children`,
      'utf8',
    );
    return Number(children.trim());
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    process.kill(await this.pid(), signal);
  }

  /** Ends it at once, if it still runs. */
  async kill(): Promise<void> {
    if (!this.ended) {
      this.#child.kill('SIGKILL');
      await this.#exited;
    }
  }
}
