import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton, Text } from '@backstage/ui';
import useAsync from 'react-use/esm/useAsync';
import { gitHostApiRef, type RepositoryName } from '../api/GitHostApi';
import { gitHostTranslationRef } from '../translation';

/** The newest commit; left out when it cannot be told, since the files matter more. */
export function LastCommit(props: { name: RepositoryName; gitRef: string }) {
  const { name, gitRef } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const gitHost = useApi(gitHostApiRef);
  const { loading, value: commit } = useAsync(
    () => gitHost.lastCommit({ ...name, ref: gitRef }),
    [gitHost, name.tenant, name.repository, gitRef],
  );
  if (loading) {
    return <Skeleton height={20} width="50%" />;
  }
  if (!commit) {
    return null;
  }
  return (
    <Text as="p" variant="body-medium">
      <strong>{t('lastCommit.title')}</strong>{' '}
      <code>{commit.id.slice(0, 7)}</code> {commit.subject}{' '}
      <Text as="span" color="secondary">
        {commit.authorName},{' '}
        <time dateTime={commit.committedAt}>
          {formatTime(commit.committedAt)}
        </time>
      </Text>
    </Text>
  );
}

/** Date and time in the reader's place, with the zone that it is told in. */
function formatTime(time: string): string {
  return new Intl.DateTimeFormat(undefined, {
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(new Date(time));
}
