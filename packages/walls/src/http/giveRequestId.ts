import { randomUUID } from 'node:crypto';
import { REQUEST_ID_HEADER } from '@portico/plugin-audit-node';
import { type RequestHandler } from 'express';

/**
 * Gives each request an id of its own, in the header of request and answer. What a caller
 * sends in its place is replaced, so that nobody mixes their acts up with those of others.
 */
export const giveRequestId: RequestHandler = (req, res, next) => {
  const id = randomUUID();
  req.headers[REQUEST_ID_HEADER] = id;
  res.setHeader(REQUEST_ID_HEADER, id);
  next();
};
