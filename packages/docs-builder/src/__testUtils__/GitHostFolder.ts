import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const INIT = ['init', '--quiet', '--initial-branch=main'];

/** The folder of a Git host, with pushes to it made by the real git. */
export class GitHostFolder {
  constructor(readonly root: string) {}

  get repositories(): string {
    return join(this.root, 'git');
  }

  /** Pushes a commit that has exactly these files; a text `-> target` makes a link. */
  push(address: string, files: Record<string, string>): string {
    const bare = join(this.repositories, `${address}.git`);
    const clone = join(this.root, 'clone');
    if (!existsSync(bare)) this.#git([...INIT, '--bare', bare], this.root);
    if (!existsSync(clone)) this.#git([...INIT, clone], this.root);
    this.#git(['rm', '-rfq', '--ignore-unmatch', '.'], clone);
    for (const [path, content] of Object.entries(files)) {
      const target = join(clone, path);
      mkdirSync(dirname(target), { recursive: true });
      const link = /^-> (.*)$/.exec(content)?.[1];
      if (link) symlinkSync(link, target);
      else writeFileSync(target, content);
    }
    this.#git(['add', '--all'], clone);
    this.#git(['commit', '--quiet', '--allow-empty', '--message=x'], clone);
    this.#git(['push', '--quiet', '--force', bare, 'main'], clone);
    return this.#git(['rev-parse', 'HEAD'], clone).trim();
  }

  #git(args: string[], cwd: string): string {
    mkdirSync(cwd, { recursive: true });
    return execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: this.root,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'test',
        GIT_AUTHOR_EMAIL: 'test@portico.invalid',
        GIT_COMMITTER_NAME: 'test',
        GIT_COMMITTER_EMAIL: 'test@portico.invalid',
      },
    });
  }
}

/** A catalog file of one component with documentation in its repository. */
export function componentFile(
  name: string,
  more: { namespace?: string; docs?: string } = {},
): string {
  return JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      ...(more.namespace && { namespace: more.namespace }),
      annotations: { 'backstage.io/techdocs-ref': more.docs ?? 'dir:.' },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'group:team' },
  });
}
