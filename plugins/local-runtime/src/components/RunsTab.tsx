import { stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { localRuntimeTranslationRef } from '../translation';
import { Builds } from './Builds';
import styles from './RunsTab.module.css';
import { Services } from './Services';

/** The tab of an entity with what the local runtime builds and runs of it. */
export function RunsTab() {
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  const entityRef = stringifyEntityRef(useEntity().entity);
  return (
    <div className={styles.root}>
      <p className={styles.intro}>{t('tab.intro')}</p>
      <Services />
      <Builds entityRef={entityRef} />
    </div>
  );
}
