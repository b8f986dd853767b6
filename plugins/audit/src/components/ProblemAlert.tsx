import { ResponseError } from '@backstage/errors';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { auditTranslationRef } from '../translation';

/** Says what went wrong in the words of the portal, and offers to try again. */
export function ProblemAlert(props: { error: Error; onRetry?(): void }) {
  const { error, onRetry } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  return (
    <div role="alert">
      <Alert
        status="danger"
        icon
        title={t('problem.title')}
        description={
          isNotFound(error) ? t('problem.notFound') : describe(error)
        }
        customActions={
          onRetry && (
            <Button variant="secondary" onPress={onRetry}>
              {t('common.retry')}
            </Button>
          )
        }
      />
    </div>
  );
}

/** Whether something is absent, or not the caller's to see. */
export function isNotFound(error: Error): boolean {
  return error instanceof ResponseError && error.statusCode === 404;
}

/** The portal's own sentence, without the technical prefix. */
function describe(error: Error): string {
  const cause =
    error instanceof ResponseError ? error.cause?.message : undefined;
  return cause || error.message;
}
