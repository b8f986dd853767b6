import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Bare repositories as the Git host keeps them, and commits into them by real git. */
export class TestGit {
  readonly directory = mkdtempSync(join(tmpdir(), 'runtime-git-'));

  /** Pushes files onto the default branch; `undefined` removes one. */
  push(
    tenant: string,
    repository: string,
    files: Record<string, string | Buffer | undefined>,
  ): string {
    const bare = join(this.directory, tenant, `${repository}.git`);
    const clone = join(this.directory, '.clones', tenant, repository);
    if (!this.#exists(bare)) {
      mkdirSync(bare, { recursive: true });
      this.#git(bare, 'init', '--quiet', '--bare', '--initial-branch=main');
      this.#git('/', 'clone', '--quiet', bare, clone);
    }
    for (const [path, content] of Object.entries(files)) {
      const target = join(clone, path);
      if (content === undefined) {
        rmSync(target, { force: true });
      } else {
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, content);
      }
    }
    this.#git(clone, 'add', '--all', '--force');
    this.#git(clone, 'commit', '--quiet', '--allow-empty', '-m', 'A change');
    this.#git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
    return this.#git(clone, 'rev-parse', 'HEAD').trim();
  }

  /** Sets the default branch back to an earlier commit. */
  reset(tenant: string, repository: string, commit: string): void {
    const clone = join(this.directory, '.clones', tenant, repository);
    this.#git(clone, 'push', '--quiet', '--force', 'origin', `${commit}:main`);
  }

  /** Declares an artefact for an environment. */
  declare(
    tenant: string,
    component: string,
    environment: string,
    digest: string,
    replicas = 1,
  ): void {
    this.push(tenant, 'deployments', {
      [`${component}/overlays/${environment}/kustomization.yaml`]: [
        'images:',
        `  - name: ${component}`,
        `    digest: ${digest}`,
        'replicas:',
        `  - name: ${component}`,
        `    count: ${replicas}`,
        '',
      ].join('\n'),
    });
  }

  delete(tenant: string, repository: string): void {
    rmSync(join(this.directory, tenant, `${repository}.git`), {
      recursive: true,
    });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #exists(path: string): boolean {
    try {
      this.#git(path, 'rev-parse', '--git-dir');
      return true;
    } catch {
      return false;
    }
  }

  #git(cwd: string, ...args: string[]): string {
    return execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.directory,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Kim',
        GIT_AUTHOR_EMAIL: 'kim@example.com',
        GIT_COMMITTER_NAME: 'Kim',
        GIT_COMMITTER_EMAIL: 'kim@example.com',
      },
    });
  }
}
