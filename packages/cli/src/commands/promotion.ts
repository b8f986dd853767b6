import { setTimeout as delay } from 'node:timers/promises';
import {
  castVoteSchema,
  isEnd,
  type Promotion,
  type PromotionDetail,
  promotionDetailSchema,
  promotionListSchema,
  promotionQuerySchema,
  promotionSchema,
  reasonSchema,
  requestPromotionSchema,
} from '@portico/plugin-promotions-common';
import { Command } from 'commander';
import { componentRefOf } from '../delivery/componentRefOf';
import { offerJson } from '../delivery/offerJson';
import { promotionsPath } from '../delivery/promotionsPath';
import { releaseIdOf } from '../delivery/releaseIdOf';
import { versionOf } from '../delivery/versionOf';
import { type Output } from '../output/Output';
import { parseInput } from '../output/parseInput';
import { UsageError } from '../output/UsageError';
import { Connection } from '../portal/Connection';
import { type PortalClient } from '../portal/PortalClient';
import { PortalError } from '../portal/PortalError';

const PAUSE_MILLISECONDS = 2_000;

/** `portico promotion …`: bringing releases from environment to environment. */
export function createPromotionCommand(): Command {
  return new Command('promotion')
    .description('bring releases from environment to environment')
    .addCommand(createListCommand())
    .addCommand(createShowCommand())
    .addCommand(createRequestCommand())
    .addCommand(createApproveCommand())
    .addCommand(createRejectCommand())
    .addCommand(createCancelCommand())
    .addCommand(createWatchCommand());
}

function createListCommand(): Command {
  return offerJson(
    new Command('list')
      .description('list promotions, newest first')
      .option('--component <component>', 'name or ref of a component')
      .option('--environment <name>', 'such as prod')
      .option('--phase <phase>', 'open, ended, or a phase such as waiting')
      .option('--for-me', 'only what waits for your approval or review')
      .option('--limit <count>', '1 to 100', '20'),
  ).action(async (options, command: Command) => {
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    const given = {
      ...(options.component && {
        component: await componentRefOf(client, options.component),
      }),
      ...(options.environment && { environment: options.environment }),
      ...(options.phase && { phase: options.phase }),
      ...(options.forMe && { forMe: 'true' }),
      limit: options.limit,
    };
    parseInput(promotionQuerySchema, given);
    const { items } = await client.call(
      `${promotionsPath`/promotions`}?${new URLSearchParams(given)}`,
      promotionListSchema,
    );
    connection.output.list(items, [
      { title: 'ID', value: row => row.id },
      { title: 'COMPONENT', value: row => row.component },
      { title: 'ENVIRONMENT', value: row => row.environment },
      { title: 'VERSION', value: row => versionOf(row.release) },
      { title: 'KIND', value: row => row.kind },
      { title: 'PHASE', value: row => row.phase },
      { title: 'WHY', value: row => row.reason },
      { title: 'ASKED BY', value: row => row.requestedBy },
      { title: 'ASKED AT', value: row => row.requestedAt },
    ]);
  });
}

function createShowCommand(): Command {
  return offerJson(
    new Command('show')
      .description('show a promotion: gates, votes, and who can still approve')
      .argument('<id>', 'from portico promotion list'),
  ).action(async (id: string, _options, command: Command) => {
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    printDetail(connection.output, await detailOf(client, id));
  });
}

function createRequestCommand(): Command {
  return offerJson(
    new Command('request')
      .description('ask for a release to be brought to an environment')
      .requiredOption('--component <component>', 'name or ref of a component')
      .requiredOption('--environment <name>', 'such as prod')
      .requiredOption('--release <release>', 'id or version of a release')
      .option(
        '--rollback',
        'go back to it: asks the gates of a rollback',
        false,
      )
      .option('--redeploy', 'bring what runs there once more', false)
      .option('--comment <text>', 'what people should know')
      .option(
        '--key <key>',
        'the same key again answers with the promotion that it made',
      ),
  ).action(async (options, command: Command) => {
    if (options.rollback && options.redeploy) {
      throw new UsageError('--rollback and --redeploy exclude each other');
    }
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    const component = await componentRefOf(client, options.component);
    const body = parseInput(requestPromotionSchema, {
      component,
      environment: options.environment,
      release: await releaseIdOf(client, component, options.release),
      kind: kindOf(options),
      ...(options.comment && { comment: options.comment }),
      ...(options.key && { key: options.key }),
    });
    const promotion = await client.call(
      promotionsPath`/promotions`,
      promotionSchema,
      { method: 'POST', body },
    );
    printPromotion(connection.output, promotion);
    connection.output.remark(
      `Follow it with: portico promotion watch ${promotion.id}`,
    );
  });
}

function kindOf(options: { rollback: boolean; redeploy: boolean }) {
  if (options.rollback) {
    return 'rollback';
  }
  return options.redeploy ? 'redeploy' : 'promote';
}

function createApproveCommand(): Command {
  return offerJson(
    new Command('approve')
      .description('approve what a promotion shows')
      .argument('<id>', 'from portico promotion list')
      .option(
        '--subject <digest>',
        'what portico promotion show showed; refused when it is another by now (default: what is shown now)',
      )
      .option('--rule <name>', 'the rule that the approval is meant for')
      .option('--comment <text>', 'what others should know'),
  ).action(async (id: string, options, command: Command) => {
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    await vote(connection, client, { id, decision: 'approve', ...options });
  });
}

function createRejectCommand(): Command {
  return offerJson(
    new Command('reject')
      .description('reject what a promotion shows; that ends it')
      .argument('<id>', 'from portico promotion list')
      .requiredOption('--comment <text>', 'why')
      .option('--subject <digest>', 'what portico promotion show showed'),
  ).action(async (id: string, options, command: Command) => {
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    await vote(connection, client, { id, decision: 'reject', ...options });
  });
}

function createCancelCommand(): Command {
  return offerJson(
    new Command('cancel')
      .description('cancel a promotion that has not begun')
      .argument('<id>', 'from portico promotion list')
      .requiredOption('--reason <text>', 'why'),
  ).action(async (id: string, options, command: Command) => {
    const body = parseInput(reasonSchema, { reason: options.reason });
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    const { promotion } = await client.call(
      promotionsPath`/promotions/${id}/cancel`,
      promotionDetailSchema,
      { method: 'POST', body },
    );
    printPromotion(connection.output, promotion);
  });
}

function createWatchCommand(): Command {
  return offerJson(
    new Command('watch')
      .description(
        'tell what happens to a promotion until it is over; fails unless it succeeded',
      )
      .argument('<id>', 'from portico promotion list')
      .option('--for <minutes>', 'how long to watch', '60'),
  ).action(async (id: string, options, command: Command) => {
    const minutes = Number(options.for);
    if (!(minutes > 0 && minutes <= 7 * 24 * 60)) {
      throw new UsageError(
        `--for is ${options.for}, expected more than 0 and at most 10080 minutes`,
      );
    }
    const connection = await Connection.create(command);
    const client = await connection.signedIn();
    const { promotion } = await watch(connection.output, client, {
      id,
      deadline: Date.now() + minutes * 60_000,
    });
    printPromotion(connection.output, promotion);
    if (promotion.phase !== 'succeeded') {
      process.exitCode = 1;
    }
  });
}

/** Tells each step once, until the promotion is over. */
async function watch(
  output: Output,
  client: PortalClient,
  options: { id: string; deadline: number },
): Promise<PromotionDetail> {
  let told = 0;
  for (;;) {
    const detail = await detailOf(client, options.id);
    for (const { sequence, to, reason, at } of detail.transitions) {
      if (sequence > told) {
        output.remark(`${at}  ${to}: ${reason}`);
        told = sequence;
      }
    }
    if (isEnd(detail.promotion.phase)) {
      return detail;
    }
    if (Date.now() + PAUSE_MILLISECONDS > options.deadline) {
      throw new PortalError(
        `The promotion is not over yet, it is ${detail.promotion.phase}: ${detail.promotion.reason}. Watch it longer with --for`,
      );
    }
    await delay(PAUSE_MILLISECONDS);
  }
}

async function vote(
  connection: Connection,
  client: PortalClient,
  wish: {
    id: string;
    decision: 'approve' | 'reject';
    subject?: string;
    rule?: string;
    comment?: string;
  },
): Promise<void> {
  const { id, decision } = wish;
  const { promotion } = await detailOf(client, id);
  const subject = wish.subject ?? promotion.subject;
  if (subject === undefined) {
    throw new PortalError(
      'What would change is not worked out yet: try again in a moment',
    );
  }
  const body = parseInput(castVoteSchema, {
    decision,
    subject,
    ...(wish.comment && { comment: wish.comment }),
    ...(wish.rule && { representing: wish.rule }),
  });
  const voted = await client.call(
    promotionsPath`/promotions/${id}/votes`,
    promotionDetailSchema,
    { method: 'POST', body },
  );
  printDetail(connection.output, voted);
  if (voted.votes.at(-1)?.standing === 'signInTooOld') {
    throw new PortalError(
      'The approval does not count: you signed in too long before it, or nobody knows when. Sign out and in again in the browser, run portico login, and approve again',
    );
  }
}

async function detailOf(
  client: PortalClient,
  id: string,
): Promise<PromotionDetail> {
  return client.call(promotionsPath`/promotions/${id}`, promotionDetailSchema);
}

function linesOf(promotion: Promotion) {
  return {
    Id: promotion.id,
    Component: promotion.component,
    Environment: promotion.environment,
    Version: promotion.release.content.version,
    Release: promotion.release.id,
    Kind: promotion.kind,
    Phase: promotion.phase,
    Why: promotion.reason,
    'Asked by': promotion.requestedBy,
    'Expires at': promotion.expiresAt,
    Subject: promotion.subject,
  };
}

function printPromotion(output: Output, promotion: Promotion): void {
  output.item(promotion, linesOf(promotion));
}

function printDetail(output: Output, detail: PromotionDetail): void {
  const { promotion, gates, approvals, votes, overrides } = detail;
  output.item(detail, {
    ...linesOf(promotion),
    ...Object.fromEntries(
      gates.map(({ gate, outcome, reason }) => [
        `Gate ${gate}`,
        `${outcome}: ${reason}`,
      ]),
    ),
    ...Object.fromEntries(
      approvals
        .flatMap(({ rules }) => rules)
        .map(({ name, required, approvedBy, missing, mayApprove }) => [
          `Rule ${name}`,
          missing === 0
            ? `${required} of ${required}, by ${approvedBy.join(', ')}`
            : `${approvedBy.length} of ${required}; can approve: ${
                mayApprove.join(', ') || 'nobody'
              }`,
        ]),
    ),
    ...Object.fromEntries(
      votes.map(({ voter, decision, standing }, index) => [
        `Vote ${index + 1}`,
        `${voter} ${decision}, ${standing}`,
      ]),
    ),
    ...Object.fromEntries(
      overrides.map(({ gates: named, ticket, by, confirmed }, index) => [
        `Override ${index + 1}`,
        `${named.join(', ')} by ${by}, ${ticket}, ${
          confirmed ? `confirmed by ${confirmed.by}` : 'not confirmed'
        }`,
      ]),
    ),
  });
}
