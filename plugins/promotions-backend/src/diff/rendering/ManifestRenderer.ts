import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { type LimitedResult, runLimited } from '@portico/docs-builder';
import { findTool, type RenderTool } from './findTool';
import { NotRenderable, type RenderInput } from './RenderInput';

const TIMEOUT_MS = 15_000;
const MOST_OUTPUT_BYTES = 3 * 1024 * 1024;
const MOST_INPUT_BYTES = 8 * 1024 * 1024;
/** Tools that run at the same time, and results that are kept. */
const AT_ONCE = 2;
const KEPT = 32;

/**
 * Renders manifests with the real tools, each in a folder and an empty home of its own,
 * without a way to the network and with bounds. The same input is rendered once.
 */
export class ManifestRenderer {
  readonly #find: (tool: RenderTool) => Promise<string | undefined>;
  readonly #kept = new Map<string, Promise<string>>();
  readonly #waiting: Array<() => void> = [];
  #running = 0;

  constructor(
    find: (tool: RenderTool) => Promise<string | undefined> = findTool,
  ) {
    this.#find = find;
  }

  /**
   * The rendered manifests as YAML.
   *
   * @throws NotRenderable when the tool is not there, or says no
   */
  async render(input: RenderInput, signal: AbortSignal): Promise<string> {
    const tool = await this.#find(input.tool);
    if (tool === undefined) {
      throw new NotRenderable(
        `${input.tool} is not installed beside the portal, so the files are compared`,
      );
    }
    const key = keyOf(input);
    const known = this.#kept.get(key);
    if (known) {
      return known;
    }
    const rendered = this.#inTurn(() => renderOnce(tool, input, signal));
    this.#keep(key, rendered);
    return rendered;
  }

  #keep(key: string, rendered: Promise<string>): void {
    this.#kept.set(key, rendered);
    rendered.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
  }

  async #inTurn<T>(fn: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
    this.#running += 1;
    try {
      return await fn();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}

function keyOf({ tool, files, folder, values, release }: RenderInput): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, folder, values, release, [...files].sort()]))
    .digest('hex');
}

async function renderOnce(
  tool: string,
  input: RenderInput,
  signal: AbortSignal,
): Promise<string> {
  const bytes = [...input.files.values()].reduce(
    (sum, content) => sum + Buffer.byteLength(content),
    0,
  );
  if (bytes > MOST_INPUT_BYTES) {
    throw new NotRenderable('The files are too large to be rendered');
  }
  const directory = await mkdtemp(join(tmpdir(), 'portico-render-'));
  try {
    const home = join(directory, 'home');
    const work = join(directory, 'work');
    await mkdir(home);
    await mkdir(work);
    for (const [path, content] of input.files) {
      const file = resolveSafeChildPath(work, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { mode: 0o600 });
    }
    const result = await runLimited({
      // The shell of the bounds needs a PATH; the tool gets none, so that it finds no git.
      command: '/usr/bin/env',
      args: ['PATH=/nonexistent', tool, ...argumentsOf(input)],
      environment: environmentOf(home),
      cwd: work,
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: MOST_OUTPUT_BYTES,
      bounds: {
        memoryBytes: 4 * 1024 * 1024 * 1024,
        fileBytes: 64 * 1024 * 1024,
        processorSeconds: 30,
      },
      signal,
    });
    if (result.outcome === 'ended' && result.code === 0) {
      return result.stdout.toString('utf8');
    }
    throw new NotRenderable(failureOf(input, result));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function argumentsOf(input: RenderInput): string[] {
  switch (input.tool) {
    case 'kustomize':
      return ['build', `./${input.folder}`];
    case 'helm':
      return [
        'template',
        input.release ?? 'release',
        `./${input.folder}`,
        '--include-crds',
        ...(input.values ? ['--values', `./${input.values}`] : []),
      ];
    default:
      return input.tool satisfies never;
  }
}

function environmentOf(home: string): Record<string, string> {
  // Port 9 of the own machine answers nobody.
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: '/usr/bin:/bin',
    HOME: home,
    TMPDIR: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    HELM_PLUGINS: join(home, 'plugins'),
    HELM_NO_PLUGINS: '1',
    KUBECONFIG: '/dev/null',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    GOMEMLIMIT: '512MiB',
    GOMAXPROCS: '1',
    LANG: 'C.UTF-8',
  };
}

/** What the tool itself says may quote a file, so it is left out. */
function failureOf(
  { tool, folder }: RenderInput,
  { outcome, code }: LimitedResult,
): string {
  switch (outcome) {
    case 'timedOut':
      return `${tool} took longer than ${TIMEOUT_MS / 1000} s`;
    case 'tooMuchOutput':
      return `${tool} made more than ${MOST_OUTPUT_BYTES / 1024 / 1024} MiB`;
    case 'stopped':
      return `${tool} was stopped`;
    case 'ended':
      return `${tool} refused ${folder || 'the folder'} (exit code ${
        code ?? 'none'
      }); run it there to see why`;
    default:
      return outcome satisfies never;
  }
}
