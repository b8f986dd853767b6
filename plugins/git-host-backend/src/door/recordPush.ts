import { type AuditContext } from '@portico/plugin-audit-node';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import { tellRefs } from '../audit/RepositoryAudit';
import { type DefaultGitHostService } from '../DefaultGitHostService';
import { type ReceiveCommand } from './receiveCommands';

const NOTHING = /^0+$/;

/**
 * Lets git take a push, with an entry before it and one after it, which is there before
 * the answer ends. Which refs moved is read from the repository, however git ended.
 */
export async function recordPush(
  gitHost: Pick<DefaultGitHostService, 'audit' | 'content'>,
  push: {
    address: RepositoryAddress;
    by: AuditContext;
    commands: ReceiveCommand[];
  },
  take: (settle?: () => Promise<void>) => Promise<unknown>,
): Promise<void> {
  const { address, by, commands } = push;
  if (commands.length === 0) {
    // git asks whether it may push.
    await take();
    return;
  }
  const moves = commands.map(({ ref, oldId, newId }) => ({
    ref,
    before: oldId,
    after: newId,
  }));
  const begun = await gitHost.audit.beginPush({ address, by, moves });
  await take(async () => {
    const now = await gitHost.content.refs(address).catch(() => undefined);
    if (!now) {
      await begun.end('failed', 'The repository could not be read afterwards');
      return;
    }
    const notMoved = moves.filter(({ ref, after }) =>
      NOTHING.test(after) ? now.has(ref) : now.get(ref) !== after,
    );
    if (notMoved.length === 0) {
      await begun.succeed();
    } else if (notMoved.length === moves.length) {
      await begun.end('refused', 'Git took none of the changes');
    } else {
      await begun.end('failed', 'Git took only some of the changes', {
        notMoved: tellRefs(notMoved),
      });
    }
  });
}
