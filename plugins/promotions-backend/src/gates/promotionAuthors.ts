import { InputError, NotFoundError } from '@backstage/errors';
import {
  type CommitAuthor,
  type GitHostService,
} from '@portico/plugin-git-host-node';
import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import { type Promotion } from '@portico/plugin-promotions-common';
import { type Author } from '@portico/plugin-promotions-node';
import { type DirectoryMember } from '@portico/plugin-tenancy-node';

/**
 * Who wrote the commits of a promotion's release that are not in the release that runs; all
 * authors where nothing runs, or where what runs is of another history.
 *
 * @throws InputError when the release names no commit, or one of a repository that the
 *   embedded Git host does not have; NotFoundError when the commit is not there
 */
export async function readPromotionAuthors(
  gitHost: Pick<GitHostService, 'get' | 'authors' | 'resolve'>,
  options: { tenant: string; promotion: Promotion },
): Promise<CommitAuthor[]> {
  const { tenant, promotion } = options;
  const { source, version } = promotion.release.content;
  if (!source) {
    throw new InputError(
      `Nobody knows who wrote the release ${version}: it does not say from which commit it was built; announce it with its source`,
    );
  }
  const repository = await findRepository(gitHost, tenant, source.repository);
  if (repository === undefined) {
    throw new InputError(
      `Nobody knows who wrote the release ${version}: the commits of its repository cannot be read here, it is none of the Git host of ${tenant}`,
    );
  }
  const address = { tenant, repository };
  const before = promotion.before?.content.source;
  const notIn =
    before?.repository === source.repository
      ? await resolveIfThere(gitHost, { ...address, ref: before.commit })
      : undefined;
  return gitHost.authors({
    ...address,
    ref: source.commit,
    ...(notIn !== undefined && { notIn }),
  });
}

/**
 * Finds the members among authors: by their e-mail address, or by the one that the portal
 * writes for them. Several members can have one address; all of them are named then.
 */
export function matchAuthors(
  tenant: string,
  authors: readonly CommitAuthor[],
  members: readonly DirectoryMember[],
): Author[] {
  const refs = new Map<string, string[]>();
  for (const { userRef, email } of members) {
    const name = userRef.slice(userRef.indexOf('/') + 1);
    for (const address of [email, `${name}@${tenant}.invalid`]) {
      const key = address?.toLowerCase();
      if (key !== undefined) {
        refs.set(key, [...(refs.get(key) ?? []), userRef]);
      }
    }
  }
  return authors.flatMap(({ name, email }): Author[] => {
    const found = refs.get(email.toLowerCase());
    return found ? found.map(ref => ({ name, email, ref })) : [{ name, email }];
  });
}

/** Name of the tenant's own repository with this address. */
async function findRepository(
  gitHost: Pick<GitHostService, 'get'>,
  tenant: string,
  url: string,
): Promise<string | undefined> {
  const name = repositoryNameSchema.safeParse(plain(url).split('/').pop());
  if (!name.success) {
    return undefined;
  }
  const repository = await gitHost.get({ tenant, repository: name.data });
  return repository &&
    [repository.cloneUrl, repository.webUrl].map(plain).includes(plain(url))
    ? repository.name
    : undefined;
}

/** History can be rewritten: then everybody's commits are new. */
async function resolveIfThere(
  gitHost: Pick<GitHostService, 'resolve'>,
  options: { tenant: string; repository: string; ref: string },
): Promise<string | undefined> {
  try {
    return await gitHost.resolve(options);
  } catch (error) {
    if (error instanceof NotFoundError) {
      return undefined;
    }
    throw error;
  }
}

function plain(url: string): string {
  return url.replace(/\/+$/, '').replace(/\.git$/, '');
}
