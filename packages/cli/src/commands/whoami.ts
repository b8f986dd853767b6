import { Command } from 'commander';
import { Connection, whoami } from '../portal/Connection';

/** `portico whoami`: who the portal takes you for. */
export function createWhoamiCommand(): Command {
  return new Command('whoami')
    .description('show who the portal takes you for')
    .action(async (_options, command: Command) => {
      const connection = await Connection.create(command);
      const me = await whoami(await connection.signedIn());
      connection.output.item(me, {
        User: me.userRef,
        Name: me.displayName,
        Tenant: `${me.tenant.id} (${me.tenant.title})`,
        Roles: me.roles.join(', ') || undefined,
        Groups: me.groups.join(', ') || undefined,
        'Member of': me.memberships
          .map(membership => membership.tenant.id)
          .join(', '),
      });
    });
}
