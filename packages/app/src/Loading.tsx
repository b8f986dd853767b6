import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Container, Flex, Skeleton } from '@backstage/ui';
import { appTranslationRef } from './translation';

/** Stands for content that is on its way. */
export function Loading() {
  const { t } = useTranslationRef(appTranslationRef);
  return (
    <Container>
      <div role="status" aria-label={t('shell.loading')}>
        <Flex direction="column" gap="3" py="5">
          <Skeleton width="30%" height={24} />
          <Skeleton width="60%" height={20} />
          <Skeleton width="50%" height={20} />
        </Flex>
      </div>
    </Container>
  );
}
