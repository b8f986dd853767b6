import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Skeleton } from '@backstage/ui';
import { pageStatesTranslationRef } from './translation';

/** Stands for content that is on its way, about as high as the content will be. */
export function LoadingState(props: {
  /** What is on its way; "Loading" when it goes without saying. */
  label?: string;
  /** Lines below the heading. */
  lines?: number;
}) {
  const { label, lines = 3 } = props;
  const { t } = useTranslationRef(pageStatesTranslationRef);
  return (
    <div role="status" aria-label={label ?? t('loading')}>
      <Flex direction="column" gap="3" py="3">
        <Skeleton width="30%" height={20} />
        {Array.from({ length: lines }, (_, index) => (
          <Skeleton
            key={index}
            width={index % 2 === 0 ? '60%' : '50%'}
            height={16}
          />
        ))}
      </Flex>
    </div>
  );
}
