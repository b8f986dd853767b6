import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Skeleton, VisuallyHidden } from '@backstage/ui';
import { gitHostTranslationRef } from '../translation';

/** Lines in the place of what is on its way. */
export function Loading() {
  const { t } = useTranslationRef(gitHostTranslationRef);
  return (
    <Flex direction="column" gap="2" role="status">
      <VisuallyHidden>{t('common.loading')}</VisuallyHidden>
      <Skeleton height={20} width="40%" />
      <Skeleton height={20} width="70%" />
      <Skeleton height={20} width="60%" />
    </Flex>
  );
}
