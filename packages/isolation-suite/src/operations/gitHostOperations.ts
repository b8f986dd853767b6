import { type Things } from '../world/Things';
import { type Operation, operationsOf, query } from './Operation';

const gitHost = operationsOf('git-host');
const repository = (of: Things) =>
  `/repositories/${of.tenant}/${of.repository}`;
const gitea = (of: Things) => `/api/v1/repos/${of.tenant}/${of.repository}`;

/** One line of Git's protocol: its length in hexadecimal, then the text. */
function line(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
}

const NOTHING = '0'.repeat(40);

const written: Operation[] = [
  ...gitHost('GET /:tenant/:repository.git/info/refs', {
    'to fetch': of =>
      `/${of.tenant}/${of.repository}.git/info/refs?service=git-upload-pack`,
    'to push': of =>
      `/${of.tenant}/${of.repository}.git/info/refs?service=git-receive-pack`,
    'deployments to push': of =>
      `/${of.tenant}/deployments.git/info/refs?service=git-receive-pack`,
    'of the old protocol': of => `/${of.tenant}/${of.repository}.git/info/refs`,
  }),
  ...gitHost(
    'POST /:tenant/:repository.git/git-upload-pack',
    {
      'a commit': of => ({
        path: `/${of.tenant}/${of.repository}.git/git-upload-pack`,
        headers: { 'content-type': 'application/x-git-upload-pack-request' },
        body: Buffer.from(
          `${line(`want ${of.commit} no-progress agent=suite\n`)}0000${line(
            'done\n',
          )}`,
        ),
      }),
    },
    { changes: undefined },
  ),
  ...gitHost('POST /:tenant/:repository.git/git-receive-pack', {
    'remove a branch': of => ({
      path: `/${of.tenant}/${of.repository}.git/git-receive-pack`,
      headers: { 'content-type': 'application/x-git-receive-pack-request' },
      body: Buffer.from(
        `${line(
          `${of.commit} ${NOTHING} refs/heads/${of.branch}\0report-status delete-refs agent=suite`,
        )}0000`,
      ),
    }),
  }),
  ...gitHost('GET /repositories', {
    own: () => '/repositories',
    foreign: of => `/repositories${query({ tenant: of.tenant })}`,
    twice: (of, own) =>
      `/repositories${query({ tenant: [own.tenant, of.tenant] })}`,
  }),
  ...gitHost('GET /repositories/:tenant/:repository', {
    foreign: of => repository(of),
    deployments: of => `/repositories/${of.tenant}/deployments`,
    'through the own tenant': (of, own) =>
      `/repositories/${own.tenant}/..%2f${of.tenant}%2f${of.repository}`,
  }),
  ...gitHost('GET /repositories/:tenant/:repository/tree', {
    foreign: of => `${repository(of)}/tree`,
    'a branch': of => `${repository(of)}/tree${query({ ref: of.branch })}`,
    'own repository, foreign commit': (of, own) =>
      `${repository(own)}/tree${query({ ref: of.commit })}`,
  }),
  ...gitHost('GET /repositories/:tenant/:repository/file', {
    foreign: of =>
      `${repository(of)}/file${query({ path: 'canary/notes.txt' })}`,
    'of a branch': of =>
      `${repository(of)}/file${query({ ref: of.branch, path: of.file })}`,
    'own repository, a way out': (of, own) =>
      `${repository(own)}/file${query({
        path: `../../${of.tenant}/${of.repository}.git/HEAD`,
      })}`,
  }),
  ...gitHost('GET /repositories/:tenant/:repository/commits', {
    foreign: of => `${repository(of)}/commits`,
    'own repository, foreign commit': (of, own) =>
      `${repository(own)}/commits${query({ ref: of.commit })}`,
  }),
  ...gitHost('GET /api/v1/repos/:owner/:repository', {
    foreign: of => gitea(of),
  }),
  ...gitHost('GET /api/v1/repos/:owner/:repository/contents/*', {
    foreign: of => `${gitea(of)}/contents/canary/notes.txt`,
    'of a branch': of =>
      `${gitea(of)}/contents/${of.file}${query({ ref: of.branch })}`,
    'through the own tenant': (of, own) =>
      `${gitea(own)}/contents/%2e%2e%2f%2e%2e%2f${of.tenant}%2f${
        of.repository
      }.git%2fHEAD`,
  }),
  ...gitHost('GET /api/v1/repos/:owner/:repository/git/commits/*', {
    foreign: of => `${gitea(of)}/git/commits/main`,
    'own repository, foreign commit': (of, own) =>
      `${gitea(own)}/git/commits/${of.commit}`,
  }),
  ...gitHost('GET /api/v1/repos/:owner/:repository/archive/*', {
    foreign: of => `${gitea(of)}/archive/main.tar.gz`,
    'own repository, foreign commit': (of, own) =>
      `${gitea(own)}/archive/${of.commit}.tar.gz`,
  }),
  ...gitHost('GET /:tenant/:repository', {
    foreign: of => `/${of.tenant}/${of.repository}`,
  }),
  ...gitHost('GET /:tenant/:repository/src/*', {
    foreign: of =>
      `/${of.tenant}/${of.repository}/src/branch/${of.branch}/${of.file}`,
  }),
  ...gitHost('GET /:tenant/:repository/_edit/*', {
    foreign: of =>
      `/${of.tenant}/${of.repository}/_edit/main/catalog-info.yaml`,
  }),
];

/** Commits of templates carry the time, and Git's protocol holds little but commits. */
export const gitHostOperations: Operation[] = written.map(operation =>
  operation.row.includes('.git/')
    ? { ...operation, picksByChance: true }
    : operation,
);
