import { parse } from '@portico/http-api';
import {
  type ChainList,
  chainSchema,
  type CheckpointPage,
} from '@portico/plugin-audit-common';
import { type Router } from 'express';
import { z } from 'zod';
import { positionSchema } from './entryRoutes';
import { type RouterOptions } from './RouterOptions';

const checkpointQuerySchema = z.strictObject({
  chain: chainSchema,
  /** The size of the last checkpoint of the page before. */
  cursor: positionSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const consistencyQuerySchema = z.strictObject({
  from: positionSchema,
  to: positionSchema,
});
const inclusionQuerySchema = z.strictObject({
  sequence: positionSchema,
  size: positionSchema,
});

/** Chains, their checkpoints, and proofs on them. */
export function addChainRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'chains' | 'origin' | 'proofs'>,
): void {
  const { access, chains, origin, proofs } = options;

  router.get('/chains', async (request, response) => {
    const { scope } = await access.reader(request);
    const keys = await chains.keys(scope);
    const list: ChainList = {
      items: await chains.states(scope),
      keys: keys.map(({ key }) => key),
      // Whoever trusts an old key learns of the newer ones, step by step.
      introductions: keys
        .flatMap(({ introduction }) => introduction ?? [])
        .reverse(),
      origin,
    };
    response.json(list);
  });

  router.get('/checkpoints', async (request, response) => {
    const { chain, cursor, limit } = parse(
      checkpointQuerySchema,
      request.query,
      'The query',
    );
    const { scope } = await access.reader(request, chain);
    const found = await chains.checkpoints(
      { ...scope, chain },
      { before: cursor, limit: limit + 1 },
    );
    const items = found.slice(0, limit);
    const last = items[items.length - 1];
    const page: CheckpointPage = {
      items,
      ...(found.length > limit && last
        ? { nextCursor: String(last.size) }
        : {}),
    };
    response.json(page);
  });

  router.get('/checkpoints/:chain/latest', async (request, response) => {
    const { chain } = request.params;
    const { scope } = await access.reader(request, chain);
    response.json(await chains.latestCheckpoint({ ...scope, chain }));
  });

  router.get('/chains/:chain/proofs/consistency', async (request, response) => {
    const { chain } = request.params;
    const { scope } = await access.reader(request, chain);
    const sizes = parse(consistencyQuerySchema, request.query, 'The query');
    response.json(await proofs.consistency({ ...scope, chain }, sizes));
  });

  router.get('/chains/:chain/proofs/inclusion', async (request, response) => {
    const { chain } = request.params;
    const { scope } = await access.reader(request, chain);
    const place = parse(inclusionQuerySchema, request.query, 'The query');
    response.json(await proofs.inclusion({ ...scope, chain }, place));
  });
}
