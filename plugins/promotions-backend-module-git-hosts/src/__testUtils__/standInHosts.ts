import { giteaDialect } from './giteaDialect';
import { gitHubDialect } from './gitHubDialect';
import { gitLabDialect } from './gitLabDialect';

/** What every host has to do alike; `write` are the requests that change a branch. */
export const standInHosts = [
  {
    api: 'gitea',
    dialect: giteaDialect,
    variable: 'PORTICO_GITEA_SWAGGER',
    write: /^(POST \/repos\/{owner}\/{repo}\/contents|PUT .*branches)/,
    // A folder is answered with a list, which the description leaves out.
    gaps: ['GET /repos/{owner}/{repo}/contents/{filepath} 200 is no list'],
  },
  {
    api: 'github',
    dialect: gitHubDialect,
    variable: 'PORTICO_GITHUB_OPENAPI',
    write: /^(PATCH|POST) .*git\/refs/,
    gaps: [],
  },
  {
    api: 'gitlab',
    dialect: gitLabDialect,
    variable: 'PORTICO_GITLAB_OPENAPI',
    write: /^POST .*repository\/commits/,
    gaps: [],
  },
] as const;
