import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Flex, Link } from '@backstage/ui';
import { useRepositoryLinks } from '../hooks/useRepositoryLinks';
import { gitHostTranslationRef } from '../translation';
import { problemOf } from './problems';

/** Says why something is not shown, and what to do next. */
export function ProblemState(props: {
  error: unknown;
  onRetry: () => void;
  /** What is absent, when it is not the repository itself. */
  absentPath?: { path: string; ref: string };
}) {
  const { error, onRetry, absentPath } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const links = useRepositoryLinks();
  const problem = problemOf(error);
  switch (problem) {
    case 'absent':
      return (
        <Flex direction="column" gap="3">
          <Alert
            role="alert"
            status="info"
            icon
            title={
              absentPath
                ? t('repository.absentPathTitle')
                : t('repository.absentTitle')
            }
            description={
              absentPath
                ? t('repository.absentPathDescription', absentPath)
                : t('repository.absentDescription')
            }
          />
          {!absentPath && (
            <Link href={links.list}>{t('repository.allRepositories')}</Link>
          )}
        </Flex>
      );
    case 'no-access':
      return (
        <Alert
          role="alert"
          status="warning"
          icon
          title={t('repository.noAccessTitle')}
          description={t('repository.noAccessDescription')}
        />
      );
    case 'failed':
      return (
        <Alert
          role="alert"
          status="danger"
          icon
          title={t('common.failed')}
          description={
            error instanceof Error ? error.message : t('common.unknownError')
          }
          customActions={
            <Button size="small" variant="secondary" onPress={onRetry}>
              {t('common.retry')}
            </Button>
          }
        />
      );
    default: {
      const unknown: never = problem;
      throw new Error(`Unknown problem ${unknown}`);
    }
  }
}
