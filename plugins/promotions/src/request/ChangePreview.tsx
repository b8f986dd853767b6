import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import { describeProblem, LoadingState } from '@portico/page-states';
import useAsync from 'react-use/esm/useAsync';
import { promotionsApiRef } from '../api/PromotionsApi';
import styles from '../components/Section.module.css';
import { DiffSummary } from '../diff/DiffSummary';
import { promotionsTranslationRef } from '../translation';

/** What a release would change in an environment, in numbers, with its risks. */
export function ChangePreview(props: {
  component: string;
  environment: string;
  release: string;
}) {
  const { component, environment, release } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const { loading, error, value } = useAsync(
    () => api.diff({ component, from: environment, to: release }),
    [api, component, environment, release],
  );
  return (
    <div aria-live="polite">
      <Text as="p" weight="bold">
        {t('request.changes')}
      </Text>
      {loading && (
        <LoadingState label={t('request.changesLoading')} lines={1} />
      )}
      {error && (
        <p className={styles.quiet}>
          {t('request.changesFailed', { reason: describeProblem(error) })}
        </p>
      )}
      {value && !loading && <DiffSummary summary={value.summary} />}
    </div>
  );
}
