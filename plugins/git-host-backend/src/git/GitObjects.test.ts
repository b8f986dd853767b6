import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { LastChanges } from '../store/LastChanges';
import { GitObjects } from './GitObjects';
import { GitProcesses } from './GitProcesses';

jest.setTimeout(120_000);

const IDENTITY = ['-c', 'user.name=Kim', '-c', 'user.email=kim@aurora.invalid'];

describe('objects of a repository', () => {
  let root: string;
  let processes: GitProcesses;
  let objects: GitObjects;

  const git = (directory: string, ...args: string[]) =>
    execFileSync('git', [...IDENTITY, ...args], {
      cwd: directory,
      encoding: 'utf8',
    }).trim();

  function repository(): { work: string; directory: string } {
    const work = mkdtempSync(join(root, 'work-'));
    git(work, 'init', '--quiet', '--initial-branch=main');
    return { work, directory: join(work, '.git') };
  }

  function commit(work: string, files: Record<string, string>): string {
    for (const [name, content] of Object.entries(files)) {
      execFileSync('mkdir', ['-p', join(work, name, '..')]);
      writeFileSync(join(work, name), content);
    }
    git(work, 'add', '--all');
    git(work, 'commit', '--quiet', '--allow-empty', '--message', 'Change');
    return git(work, 'rev-parse', 'HEAD');
  }

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'portico-objects-'));
  });
  beforeEach(() => {
    processes = new GitProcesses();
    objects = new GitObjects({ processes });
  });
  afterEach(() => processes.endAll());
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('come in the order of the questions, whatever their size, and what is absent is no error', async () => {
    const { work, directory } = repository();
    const large = 'x'.repeat(300_000);
    const head = commit(work, {
      'small.txt': 'one\ntwo\n',
      'large.txt': large,
      'empty.txt': '',
      'a name with spaces.txt': 'spaces',
    });
    const texts = async (names: string[], maxBytes?: number) =>
      Promise.all(
        names.map(async name => {
          const found = await objects.read(
            directory,
            `${head}:${name}`,
            maxBytes,
          );
          return found && (found.content?.toString('utf8') ?? found.size);
        }),
      );

    const expected = (maxBytes?: number) =>
      new Map<string, string | number>([
        ['small.txt', 'one\ntwo\n'],
        ['large.txt', maxBytes ? large.length : large],
        ['empty.txt', ''],
        ['a name with spaces.txt', 'spaces'],
      ]);

    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            'small.txt',
            'large.txt',
            'empty.txt',
            'a name with spaces.txt',
            'absent.txt',
            'small.txt/below',
          ),
          { minLength: 1, maxLength: 12 },
        ),
        fc.constantFrom(undefined, 10),
        async (names, maxBytes) => {
          expect(await texts(names, maxBytes)).toEqual(
            names.map(name => expected(maxBytes).get(name)),
          );
        },
      ),
      { numRuns: 30 },
    );
    expect(await objects.read(directory, `${head}^{commit}`)).toMatchObject({
      id: head,
      type: 'commit',
    });
    expect(processes.count).toBe(0);
  });

  it('are those of now: what is committed, packed and made anew later is seen', async () => {
    const { work, directory } = repository();
    const first = commit(work, { 'a.txt': 'first' });
    const read = async (id: string) =>
      (await objects.read(directory, `${id}:a.txt`))?.content?.toString();
    expect(await read(first)).toBe('first');
    const second = commit(work, { 'a.txt': 'second' });
    expect(await read(second)).toBe('second');
    git(work, 'gc', '--quiet', '--prune=now');
    expect(await read(first)).toBe('first');
    const third = commit(work, { 'a.txt': 'third' });
    git(work, 'gc', '--quiet', '--prune=now');
    expect(await read(third)).toBe('third');

    rmSync(directory, { recursive: true });
    git(work, 'init', '--quiet', '--initial-branch=main');
    expect(await read(third)).toBeUndefined();
  });

  it('fail where git ends, and are read again by another process', async () => {
    const { work, directory } = repository();
    const head = commit(work, { 'a.txt': 'text' });
    await objects.read(directory, head);
    const waiting = objects.read(directory, head);
    const ended = processes.endAll();
    await Promise.allSettled([waiting, ended]);
    expect((await objects.read(directory, head))?.id).toBe(head);
    await expect(objects.read(directory, `${head}\n${head}`)).rejects.toThrow(
      'a name of two lines',
    );
  });

  it('tell which commit changed a path last, as git log does', async () => {
    const { work, directory } = repository();
    const lastChanges = new LastChanges({ objects });
    const paths = ['a', 'a/one.txt', 'a/two.txt', 'b', 'b/three.txt', ''];
    const commits: string[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('a/one.txt', 'a/two.txt', 'b/three.txt', undefined),
        fc.nat(),
        async (file, content) => {
          commits.push(
            commit(work, file === undefined ? {} : { [file]: String(content) }),
          );
          const start = commits[content % commits.length] ?? '';
          for (const path of paths) {
            const told = git(
              ...[work, 'log', '--max-count=1', '--format=%H', start],
              ...['--', ...(path === '' ? ['.'] : [path])],
            );
            const last = await lastChanges.find(directory, start, path);
            // where nothing is found, git is asked
            expect(last ?? told).toBe(told);
            if (last !== undefined) {
              lastChanges.keep(directory, path, { commit: start, last });
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
