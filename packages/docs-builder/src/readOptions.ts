import { z } from 'zod';

const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  PORTICO_GIT_DIRECTORY: z.string().min(1),
  PORTICO_DOCS_DIRECTORY: z.string().min(1),
  PORTICO_DOCS_WORK_DIRECTORY: z.string().min(1),
  PORTICO_PYTHON_DIRECTORY: z.string().min(1),
  PORTICO_BASE_URL: z.url().optional(),
});

/** What the builder is told by whoever starts it. */
export interface StartOptions {
  repositories: string;
  published: string;
  work: string;
  pythonDirectory: string;
  baseUrl?: string;
}

/**
 * Reads the environment of the builder.
 *
 * @throws Error in production: there, documentation is built where code is built
 */
export function readOptions(environment: NodeJS.ProcessEnv): StartOptions {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new Error(
      `The docs builder is not told where it works: ${z.prettifyError(
        parsed.error,
      )}`,
    );
  }
  const told = parsed.data;
  if (told.NODE_ENV === 'production') {
    throw new Error(
      'The docs builder runs in development only: in production build the documentation in CI and publish it (techdocs.builder: external, see docs/techdocs.md).',
    );
  }
  return {
    repositories: told.PORTICO_GIT_DIRECTORY,
    published: told.PORTICO_DOCS_DIRECTORY,
    work: told.PORTICO_DOCS_WORK_DIRECTORY,
    pythonDirectory: told.PORTICO_PYTHON_DIRECTORY,
    ...(told.PORTICO_BASE_URL && { baseUrl: told.PORTICO_BASE_URL }),
  };
}
