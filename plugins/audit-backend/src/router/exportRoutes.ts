import { parse } from '@portico/http-api';
import { Readable } from 'stream';
import { pipeline } from 'stream/promises';
import { auditFilterSchema } from '@portico/plugin-audit-common';
import { auditContext } from '@portico/plugin-audit-node';
import { type Router } from 'express';
import { z } from 'zod';
import { type RouterOptions } from './RouterOptions';

const exportQuerySchema = auditFilterSchema.extend({
  format: z.enum(['jsonl', 'csv']).default('jsonl'),
});

const CONTENT_TYPES = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
} as const;

/** Entries as a file. */
export function addExportRoutes(
  router: Router,
  {
    access,
    exports,
    logger,
  }: Pick<RouterOptions, 'access' | 'exports' | 'logger'>,
): void {
  router.get('/export', async (request, response) => {
    const { format, ...filter } = parse(
      exportQuerySchema,
      request.query,
      'The query',
    );
    const { principal, scope } = await access.reader(request, filter.chain);
    const { pieces, end } = await exports.begin({
      userRef: principal.userRef,
      context: auditContext(request, principal),
      scope,
      format,
      filter,
    });
    response.writeHead(200, {
      'content-type': CONTENT_TYPES[format],
      'content-disposition': `attachment; filename="${fileName(
        scope.chain ?? 'all',
        format,
      )}"`,
      'cache-control': 'no-store',
    });
    try {
      // It waits for the reader, and ends the reading of the database with it.
      await pipeline(Readable.from(pieces), response);
    } catch (error) {
      // The answer has begun: an export without its last line is how the reader knows.
      logger.warn(
        `An export of the audit ended early for ${principal.userRef}`,
        error instanceof Error ? error : undefined,
      );
    } finally {
      end();
    }
  });
}

function fileName(chain: string, format: string): string {
  const time = new Date().toISOString().replace(/[:.]/g, '-');
  return `portico-audit-${chain}-${time}.${format}`;
}
