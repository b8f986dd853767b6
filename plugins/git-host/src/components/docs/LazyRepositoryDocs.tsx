import { lazy } from 'react';

/** `RepositoryDocs`, loaded when it is shown; needs a `Suspense` around it. */
export const LazyRepositoryDocs = lazy(() =>
  import('./RepositoryDocs').then(m => ({ default: m.RepositoryDocs })),
);
