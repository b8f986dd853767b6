import { useId } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { EmptyState, ProblemState, Section } from '@portico/page-states';
import {
  type DeliveryOfComponent,
  promotionRequestPermission,
} from '@portico/plugin-promotions-common';
import { EntityNames } from '../components/EntityName';
import sectionStyles from '../components/Section.module.css';
import { type Live } from '../hooks/useLive';
import { promotionsTranslationRef } from '../translation';
import { LaneCard } from './LaneCard';
import styles from './Lanes.module.css';

/** The environments of a component in the order of its pipeline. */
export function Lanes(props: {
  component: string;
  delivery: Live<DeliveryOfComponent>;
}) {
  const { component, delivery } = props;
  const { value, error, reload } = delivery;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const access = usePermission({ permission: promotionRequestPermission });
  const refusalId = useId();
  const mayRequest = access.loading || access.allowed;
  return (
    <Section
      title={t('lanes.title')}
      actions={
        value &&
        value.pipelineRefs.length > 0 && (
          <span className={sectionStyles.small}>
            {t('lanes.pipelines')} <EntityNames refs={value.pipelineRefs} />
          </span>
        )
      }
    >
      {error !== undefined && (
        <ProblemState
          error={error}
          title={t('lanes.failed')}
          onRetry={reload}
        />
      )}
      {value?.lanes.length === 0 && (
        <EmptyState
          title={t('lanes.noneTitle')}
          description={value.problem ?? t('lanes.none')}
        />
      )}
      {value && value.lanes.length > 0 && (
        <>
          {value.problem && (
            <p className={sectionStyles.bad}>{value.problem}</p>
          )}
          <ol className={styles.lanes}>
            {value.lanes.map((lane, index) => (
              <li key={lane.environment} className={styles.lane}>
                <LaneCard
                  component={component}
                  lane={lane}
                  before={value.lanes.at(index - 1)}
                  isFirst={index === 0}
                  others={value.lanes
                    .filter(other => other !== lane)
                    .map(({ environment }) => environment)}
                  refusal={
                    mayRequest
                      ? undefined
                      : { id: refusalId, text: t('lanes.noRequest') }
                  }
                  onChanged={reload}
                />
              </li>
            ))}
          </ol>
          {!mayRequest && (
            <p id={refusalId} className={sectionStyles.quiet}>
              {t('lanes.noRequest')}
            </p>
          )}
        </>
      )}
    </Section>
  );
}
