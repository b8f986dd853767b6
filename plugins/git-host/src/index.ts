export { gitHostPlugin as default } from './plugin';
export { LazyRepositoryDocs as RepositoryDocs } from './components/docs/LazyRepositoryDocs';
export { type RepositoryDocsProps } from './components/docs/RepositoryDocs';
export { gitHostApiRef, type GitHostApi } from './api/GitHostApi';
export { type DocsSource, docsSourceOf } from './content/docs/docsSource';
