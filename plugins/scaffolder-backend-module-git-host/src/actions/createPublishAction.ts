import {
  type PermissionsService,
  resolveSafeChildPath,
} from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { ConflictError, NotAllowedError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { type AuditContext } from '@portico/plugin-audit-node';
import {
  DEPLOYMENTS_REPOSITORY,
  gitHostRepositoryCreatePermission,
  gitHostRepositoryWritePermission,
} from '@portico/plugin-git-host-common';
import {
  type CommitOptions,
  type GitHostService,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import {
  assertPermission,
  readInitiator,
  type TenancyService,
} from '@portico/plugin-tenancy-node';
import { readRepositoryName } from '../initiator/readRepositoryName';

const BRANCH = 'main';
const TASK_TRAILER = 'Portico-Task';
/** How often somebody else may be faster before the action gives up. */
const MAX_ATTEMPTS = 10;
const NO_COMMIT = '0'.repeat(40);

/** What a commit needs besides where it goes. */
type Change = Pick<
  CommitOptions,
  'directory' | 'author' | 'onBehalfOf' | 'by' | 'message' | 'trailers'
>;

/**
 * `portico:publish`: makes a repository of the initiator's tenant from a folder of
 * the workspace, or lays the folder over an existing one.
 */
export function createPublishAction(options: {
  gitHost: GitHostService;
  permissions: Pick<PermissionsService, 'authorize'>;
  tenancy: Pick<TenancyService, 'principal'>;
}) {
  const { gitHost, permissions, tenancy } = options;

  return createTemplateAction({
    id: 'portico:publish',
    description:
      "Makes a repository of the own tenant from a folder of the workspace. With `update` the folder's files are added to or replaced in an existing repository, and everything else in it is kept.",
    supportsDryRun: true,
    schema: {
      input: {
        repository: z =>
          z.string({
            description: 'Name of the repository, without the tenant',
          }),
        description: z =>
          z.string({ description: 'What it is, in one line' }).optional(),
        sourcePath: z =>
          z
            .string({
              description:
                'Folder of the workspace that is published; all of it by default',
            })
            .optional(),
        update: z =>
          z
            .boolean({
              description:
                'Add to an existing repository, which is made when it is absent',
            })
            .optional(),
        targetPath: z =>
          z
            .string({
              description:
                'Folder in the repository that the files go to; its root by default',
            })
            .optional(),
      },
      output: {
        repositoryUrl: z =>
          z.string({ description: 'Page of the repository in the portal' }),
        cloneUrl: z => z.string({ description: 'Address for git clone' }),
        catalogInfoUrl: z =>
          z.string({ description: 'Address of catalog-info.yaml' }),
        commit: z => z.string({ description: 'The commit that was made' }),
      },
    },
    async handler(ctx) {
      const { input } = ctx;
      const repository = readRepositoryName(input.repository);
      const directory = resolveSafeChildPath(
        ctx.workspacePath,
        input.sourcePath ?? '.',
      );
      const initiator = await readInitiator(ctx, tenancy);
      const { tenant, userRef, displayName } = initiator.principal;
      const address = { tenant, repository };
      const template = ctx.templateInfo?.entityRef;
      await assertPermission(
        initiator,
        input.update
          ? gitHostRepositoryWritePermission
          : gitHostRepositoryCreatePermission,
        permissions,
      );
      if (repository === DEPLOYMENTS_REPOSITORY) {
        assertPlatformTemplate(template);
      }

      if (ctx.isDryRun) {
        if (!input.update && (await gitHost.get(address))?.head) {
          throw nameTaken(address);
        }
        ctx.logger.info(
          `Would ${input.update ? 'update' : 'create'} ${tenant}/${repository}`,
        );
        await output(NO_COMMIT);
        return;
      }

      const change: Change = {
        directory,
        author: {
          name: displayName,
          email: `${parseEntityRef(userRef).name}@${tenant}.invalid`,
        },
        onBehalfOf: userRef,
        by: initiator.by,
        message: input.update
          ? `Update ${input.targetPath || repository}`
          : `Create ${repository}`,
        trailers: {
          [TASK_TRAILER]: ctx.task.id,
          ...(template && { 'Portico-Template': template }),
        },
      };
      const commit = await ctx.checkpoint({
        // A step may run for several repositories.
        key: `publish.${repository}.${input.targetPath ?? ''}`,
        fn: async () =>
          input.update
            ? update(address, change, input)
            : create(address, change, {
                description: input.description ?? '',
                overlayPath: input.targetPath,
                task: ctx.task.id,
              }),
      });
      ctx.logger.info(
        `${tenant}/${repository} is at ${commit.slice(0, 10)} on ${BRANCH}`,
      );
      await output(commit);

      async function output(id: string): Promise<void> {
        ctx.output(
          'repositoryUrl',
          (await gitHost.get(address))?.webUrl ??
            gitHost.urlOf({ ...address, ref: BRANCH, path: '' }),
        );
        ctx.output(
          'cloneUrl',
          `${gitHost.baseUrl}/${tenant}/${repository}.git`,
        );
        ctx.output(
          'catalogInfoUrl',
          gitHost.urlOf({
            ...address,
            ref: BRANCH,
            path: 'catalog-info.yaml',
          }),
        );
        ctx.output('commit', id);
      }
    },
  });

  /** Makes the repository, or adopts what an earlier run of this task made. */
  async function create(
    address: RepositoryAddress,
    change: Change,
    more: { description: string; overlayPath?: string; task: string },
  ): Promise<string> {
    const adopt = async () => {
      const commits = await gitHost.log({
        ...address,
        ref: BRANCH,
        limit: 100,
      });
      return commits.find(commit => commit.trailers[TASK_TRAILER] === more.task)
        ?.id;
    };
    const existing = await ensureRepository(
      address,
      more.description,
      change.by,
    );
    if (existing?.head) {
      const ours = await adopt();
      if (ours) {
        return ours;
      }
      throw nameTaken(address);
    }
    try {
      const { commit } = await gitHost.commit({
        ...address,
        ...change,
        branch: BRANCH,
        overlayPath: more.overlayPath,
        expectedHead: undefined,
      });
      return commit;
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
      const ours = await adopt();
      if (ours) {
        return ours;
      }
      throw nameTaken(address);
    }
  }

  /**
   * Lays the folder over the branch; the same content again changes nothing, which
   * makes a second run harmless.
   */
  async function update(
    address: RepositoryAddress,
    change: Change,
    input: { description?: string; targetPath?: string },
  ): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const existing = await ensureRepository(
        address,
        input.description ?? '',
        change.by,
      );
      try {
        const { commit } = await gitHost.commit({
          ...address,
          ...change,
          branch: BRANCH,
          overlayPath: input.targetPath ?? '',
          expectedHead: existing?.head,
        });
        return commit;
      } catch (error) {
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  async function ensureRepository(
    address: RepositoryAddress,
    description: string,
    by: AuditContext,
  ) {
    const existing = await gitHost.get(address);
    if (existing) {
      return existing;
    }
    try {
      return await gitHost.create({ ...address, description, by });
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
      return gitHost.get(address);
    }
  }
}

/**
 * The deployment repository says what runs: only the platform's templates write it,
 * otherwise a tenant's own template would go around that.
 */
function assertPlatformTemplate(template: string | undefined): void {
  if (!template || parseEntityRef(template).namespace !== PLATFORM_TENANT) {
    throw new NotAllowedError(
      `Only templates of the platform write the repository '${DEPLOYMENTS_REPOSITORY}'; choose another name`,
    );
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConflictError';
}

function nameTaken(address: RepositoryAddress): ConflictError {
  return new ConflictError(
    `There is a repository '${address.repository}' in '${address.tenant}' already: start again with another name, or delete that repository first`,
  );
}
