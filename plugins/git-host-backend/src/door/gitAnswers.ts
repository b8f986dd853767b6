import { type LoggerService } from '@backstage/backend-plugin-api';
import { type Response } from 'express';

const STATUS_OF_ERROR: Record<string, number> = {
  AuthenticationError: 401,
  NotAllowedError: 403,
  NotFoundError: 404,
  InputError: 400,
  ConflictError: 409,
};

/**
 * Answers in plain text, which git shows to its user as "remote: …". The messages
 * of our own refusals are meant for them; anything else stays in the log.
 */
export function answerGitError(
  response: Response,
  error: unknown,
  logger: LoggerService,
): void {
  const name = error instanceof Error ? error.name : '';
  const status = STATUS_OF_ERROR[name] ?? 500;
  if (status === 500) {
    logger.error('A request of git failed', error as Error);
  }
  if (response.headersSent) {
    response.end();
    return;
  }
  if (status === 401) {
    response.setHeader('www-authenticate', 'Basic realm="Portico"');
  }
  const text =
    status === 500
      ? 'The Git host could not answer'
      : messageOf(status, error as Error);
  response.status(status).type('text/plain').send(`${text}\n`);
}

function messageOf(status: number, error: Error): string {
  if (status === 401) {
    return 'Sign in with a token of Portico: any name, and a machine token or a portal token as the password';
  }
  // The same words for what is absent and what is another tenant's.
  return status === 404 ? 'No such repository' : error.message;
}

/** Refuses a push in git's own words, so that the reason reaches its user. */
export function refuseInProtocol(
  response: Response,
  service: string,
  reason: string,
): void {
  response.setHeader('cache-control', 'no-cache');
  if (service !== 'info/refs') {
    response.status(403).type('text/plain').send(`${reason}\n`);
    return;
  }
  response
    .status(200)
    .setHeader('content-type', 'application/x-git-receive-pack-advertisement');
  response.end(
    `${packetLine('# service=git-receive-pack\n')}0000${packetLine(
      `ERR ${reason}`,
    )}`,
  );
}

function packetLine(text: string): string {
  const bytes = Buffer.byteLength(text) + 4;
  return bytes.toString(16).padStart(4, '0') + text;
}
