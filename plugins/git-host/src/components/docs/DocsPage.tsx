import { useCallback } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { LoadingState } from '@portico/page-states';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { gitHostApiRef } from '../../api/GitHostApi';
import { type DocsSource } from '../../content/docs/docsSource';
import { isMarkdown } from '../../content/fileKinds';
import { resolveReadmeTarget } from '../../content/resolveReadmeTarget';
import { ProblemState } from '../ProblemState';
import { Readme } from '../readme/Readme';
import { docsPageHref } from './docsPageHref';

/** One page of a documentation. */
export function DocsPage(props: {
  source: DocsSource;
  /** Folder of the pages, from the root of the repository. */
  folder: string;
  /** From that folder. */
  page: string;
}) {
  const { source, folder, page } = props;
  const { name, gitRef } = source;
  const gitHost = useApi(gitHostApiRef);
  const prefix = folder === '' ? '' : `${folder}/`;
  const hrefOf = useCallback(
    (file: string) =>
      file.startsWith(prefix) && isMarkdown(file)
        ? docsPageHref(file.slice(prefix.length))
        : undefined,
    [prefix],
  );
  // Somebody may have made up the address, so it is read as the links of documents are.
  const target = resolveReadmeTarget(encodeURI(page), `${prefix}index.md`);
  const path =
    target.kind === 'repository' && hrefOf(target.path)
      ? target.path
      : undefined;
  const { loading, error, value, retry } = useAsyncRetry(
    async () =>
      path === undefined
        ? undefined
        : gitHost.file({ ...name, ref: gitRef, path }),
    [gitHost, name, gitRef, path],
  );
  if (loading) {
    return <LoadingState />;
  }
  if (error || !value || value.encoding !== 'utf-8' || !path) {
    return (
      <ProblemState
        error={error ?? { name: 'NotFoundError', message: '', statusCode: 404 }}
        onRetry={retry}
        absentPath={{ path: page, ref: gitRef }}
      />
    );
  }
  return (
    <article>
      <Readme
        name={name}
        gitRef={gitRef}
        path={path}
        hrefOf={hrefOf}
        content={value.content}
      />
    </article>
  );
}
