import { NotAllowedError } from '@backstage/errors';
import { type ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction as createStockAction } from '@backstage/plugin-scaffolder-backend';
import {
  createTenantReader,
  type GitHostService,
} from '@portico/plugin-git-host-node';
import {
  readInitiator,
  type TenancyService,
} from '@portico/plugin-tenancy-node';

/**
 * `portico:fetch:template`: the stock action's rendering, with a reader that sees
 * the Git host as the initiator's tenant does.
 */
export function createFetchTemplateAction(options: {
  gitHost: GitHostService;
  integrations: ScmIntegrations;
  tenancy: Pick<TenancyService, 'principal'>;
}) {
  const { gitHost, integrations, tenancy } = options;
  const actionFor = (tenant: string) =>
    createStockAction({
      integrations,
      reader: createTenantReader({ tenant, gitHost }),
    });
  type Handler = ReturnType<typeof actionFor>['handler'];

  const handler: Handler = async ctx => {
    const { principal } = await readInitiator(ctx, tenancy);
    // The stock action copies from the disk of the backend when the template itself
    // has a file address, which is so in dry runs alone.
    if (ctx.templateInfo?.baseUrl?.startsWith('file:') && !ctx.isDryRun) {
      throw new NotAllowedError(
        'A template with a file address cannot be run; publish it to a repository of the Git host',
      );
    }
    await actionFor(principal.tenant).handler(ctx);
  };

  return {
    ...actionFor('default'),
    id: 'portico:fetch:template',
    description:
      'Renders a folder of templates into the workspace. It reads only repositories of the own tenant and of the platform, by an address relative to the template or in full.',
    examples: [],
    handler,
  };
}
