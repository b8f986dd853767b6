import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Skeleton } from '@backstage/ui';
import { auditTranslationRef } from '../translation';

/** Stands for content that is on its way. */
export function Loading() {
  const { t } = useTranslationRef(auditTranslationRef);
  return (
    <div role="status" aria-label={t('common.loading')}>
      <Flex direction="column" gap="3">
        <Skeleton width="30%" height={24} />
        <Skeleton width="80%" height={20} />
        <Skeleton width="70%" height={20} />
        <Skeleton width="75%" height={20} />
      </Flex>
    </div>
  );
}
