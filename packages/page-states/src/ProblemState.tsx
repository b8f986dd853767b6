import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { describeProblem, problemKindOf } from './describeProblem';
import { pageStatesTranslationRef } from './translation';

/** Says why something is not shown, and offers what may help. */
export function ProblemState(props: {
  error: unknown;
  /** Offered where trying again may help: not for what is absent or not permitted. */
  onRetry?(): void;
  /** What failed, in the words of the page. */
  title?: string;
  /** What to say of a thing that is not there. */
  absent?: { title: string; description: string };
  /** Further buttons or links. */
  action?: ReactNode;
}) {
  const { error, onRetry, title, absent, action } = props;
  const { t } = useTranslationRef(pageStatesTranslationRef);
  const kind = problemKindOf(error);
  switch (kind) {
    case 'absent':
      return (
        <div role="alert">
          <Alert
            status="info"
            icon
            title={absent?.title ?? t('absentTitle')}
            description={absent?.description ?? t('absentText')}
            customActions={action}
          />
        </div>
      );
    case 'noAccess':
      return (
        <div role="alert">
          <Alert
            status="warning"
            icon
            title={t('noAccessTitle')}
            description={t('noAccessText')}
            customActions={action}
          />
        </div>
      );
    case 'failed':
      return (
        <div role="alert">
          <Alert
            status="danger"
            icon
            title={title ?? t('failedTitle')}
            description={describeProblem(error) || t('failedText')}
            customActions={
              <>
                {onRetry && (
                  <Button variant="secondary" onPress={onRetry}>
                    {t('retry')}
                  </Button>
                )}
                {action}
              </>
            }
          />
        </div>
      );
    default: {
      const unknown: never = kind;
      throw new Error(`Unknown kind of problem ${unknown}`);
    }
  }
}
