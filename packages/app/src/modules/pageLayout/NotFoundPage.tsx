import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonLink, Flex, Text } from '@backstage/ui';
import { appTranslationRef } from '../../translation';
import styles from './PorticoPageLayout.module.css';

/** Says the same for what does not exist and for what belongs to somebody else. */
export function NotFoundPage() {
  const { t } = useTranslationRef(appTranslationRef);
  return (
    <main className={styles.main}>
      <div className={styles.head}>
        <h1 className={styles.title}>{t('pageLayout.notFoundTitle')}</h1>
        <Flex direction="column" gap="4" align="start">
          <Text as="p">{t('pageLayout.notFoundText')}</Text>
          <ButtonLink href="/" variant="primary">
            {t('pageLayout.notFoundHome')}
          </ButtonLink>
        </Flex>
      </div>
    </main>
  );
}
