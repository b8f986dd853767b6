import { type ReactElement } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { tenancyTranslationRef } from '../translation';

/** Says what went wrong in the words of the portal, and offers a way on. */
export function ProblemAlert(props: { error: Error; action?: ReactElement }) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  return (
    <div role="alert">
      <Alert
        status="danger"
        icon
        title={t('failed.title')}
        description={describeProblem(props.error, {
          notFound: t('failed.notFound'),
          unknown: t('common.unknownError'),
        })}
        customActions={props.action}
      />
    </div>
  );
}

/** The portal's own sentence for a failed request, without its technical prefix. */
export function describeProblem(
  error: Error,
  texts: { notFound: string; unknown: string },
): string {
  const status =
    'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : undefined;
  if (status === 404) {
    return texts.notFound;
  }
  const cause =
    'cause' in error && error.cause instanceof Error ? error.cause : undefined;
  return cause?.message || error.message || texts.unknown;
}
