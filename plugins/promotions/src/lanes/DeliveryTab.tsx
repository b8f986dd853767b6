import { useCallback } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { LoadingState } from '@portico/page-states';
import { type DeliveryEvent } from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsAccess } from '../components/PromotionsAccess';
import { useLive } from '../hooks/useLive';
import { promotionsTranslationRef } from '../translation';
import styles from './DeliveryTab.module.css';
import { Deployments } from './Deployments';
import { Lanes } from './Lanes';
import { Releases } from './Releases';

/** As many releases and deployments as are listed. */
const LISTED = 20;

/** Where a component is, environment by environment, its releases and deployments. */
export function DeliveryTab() {
  return (
    <PromotionsAccess>
      <DeliveryOfEntity />
    </PromotionsAccess>
  );
}

function DeliveryOfEntity() {
  const { t } = useTranslationRef(promotionsTranslationRef);
  const component = stringifyEntityRef(useEntity().entity);
  const api = useApi(promotionsApiRef);
  const concerns = useCallback(
    (event: DeliveryEvent) =>
      event.component === undefined || event.component === component,
    [component],
  );
  const delivery = useLive(
    useCallback(() => api.delivery(component), [api, component]),
    concerns,
  );
  const releases = useLive(
    useCallback(
      () => api.releases({ component, limit: LISTED }),
      [api, component],
    ),
    concerns,
  );
  const deployments = useLive(
    useCallback(
      () => api.deployments({ component, limit: LISTED }),
      [api, component],
    ),
    concerns,
  );
  // What stands below something that loads would be moved by it.
  const isFirstShown = !delivery.loading;
  const isSecondShown = isFirstShown && !releases.loading;
  const isThirdShown = isSecondShown && !deployments.loading;
  return (
    <div className={styles.root}>
      {isFirstShown && <Lanes component={component} delivery={delivery} />}
      {isSecondShown && (
        <Releases releases={releases} lanes={delivery.value?.lanes ?? []} />
      )}
      {isThirdShown && <Deployments deployments={deployments} />}
      {!isThirdShown && <LoadingState label={t('lanes.loading')} lines={6} />}
    </div>
  );
}
