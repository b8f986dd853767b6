import { CustomErrorBase } from '@backstage/errors';

/** Somebody asked too often; the answer is 429 with `Retry-After`. */
export class TooManyRequestsError extends CustomErrorBase {
  override name = 'TooManyRequestsError' as const;
  readonly statusCode = 429;

  /** @param retryAfter - whole seconds until the next request may come */
  constructor(message: string, readonly retryAfter: number) {
    super(message);
  }
}
