import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { type Repository } from '@portico/plugin-git-host-common';
import { gitHostTranslationRef } from '../translation';
import { CopyableText } from './CopyableText';
import styles from './RepositoryPage.module.css';

/** How to get the repository, and how to push to it. */
export function CloneCard(props: { repository: Repository }) {
  const { t } = useTranslationRef(gitHostTranslationRef);
  return (
    <Card>
      <CardHeader>
        <Text as="h3" variant="title-x-small">
          {t('clone.title')}
        </Text>
      </CardHeader>
      <CardBody>
        <CopyableText
          text={`git clone ${props.repository.cloneUrl}`}
          label={t('clone.label')}
          copyLabel={t('clone.copyLabel')}
        />
        <details className={styles.details}>
          <summary>{t('clone.howToPush')}</summary>
          <Text as="p">{t('clone.pushHint')}</Text>
        </details>
      </CardBody>
    </Card>
  );
}
