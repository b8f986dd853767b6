import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type Lane,
  type PromotionKind,
} from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { ActionButton } from '../components/ActionButton';
import { EnvironmentLink } from '../components/EnvironmentLink';
import { ReasonDialog } from '../components/ReasonDialog';
import styles from '../components/Section.module.css';
import { CompareDialog } from '../request/CompareDialog';
import { RequestDialog } from '../request/RequestDialog';
import { promotionsTranslationRef } from '../translation';
import { LaneFacts } from './LaneFacts';
import laneStyles from './Lanes.module.css';

type Opened = PromotionKind | 'compare' | 'releaseHold';

/** One environment of a component: what runs, how it stands, and what can be done. */
export function LaneCard(props: {
  component: string;
  lane: Lane;
  before: Lane | undefined;
  isFirst: boolean;
  others: string[];
  /** Why nothing may be asked for, said in the element with this id. */
  refusal: { id: string; text: string } | undefined;
  onChanged(): void;
}) {
  const { component, lane, isFirst, others, refusal, onChanged } = props;
  const { environment } = lane;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const [opened, setOpened] = useState<Opened>();
  const before = isFirst ? undefined : props.before;
  const close = () => setOpened(undefined);
  const common = { refusal: refusal?.text, refusalId: refusal?.id };
  return (
    <>
      <div className={styles.row}>
        <h3 className={styles.subtitle}>
          <EnvironmentLink {...lane} />
        </h3>
        <span className={styles.small}>
          {[
            lane.protected && t('lanes.protected'),
            lane.automatic && t('lanes.automatic'),
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
      </div>
      <LaneFacts
        component={component}
        lane={lane}
        before={before}
        holdAction={
          <ActionButton
            {...common}
            text={t('lanes.releaseHold')}
            onPress={() => setOpened('releaseHold')}
          />
        }
      />
      <div className={laneStyles.actions}>
        <ActionButton
          {...common}
          text={t('lanes.promoteShort')}
          label={t('lanes.promote', { environment })}
          variant="primary"
          refusal={refusal?.text ?? lane.problem}
          onPress={() => setOpened('promote')}
        />
        {lane.release && (
          <>
            <ActionButton
              {...common}
              text={t('lanes.rollBackShort')}
              label={t('lanes.rollBack', { environment })}
              onPress={() => setOpened('rollback')}
            />
            <ActionButton
              {...common}
              text={t('lanes.redeployShort')}
              label={t('lanes.redeploy', { environment })}
              onPress={() => setOpened('redeploy')}
            />
          </>
        )}
        {others.length > 0 && (
          <ActionButton
            text={t('lanes.compareShort')}
            label={t('lanes.compare', { environment })}
            onPress={() => setOpened('compare')}
          />
        )}
      </div>
      {opened === 'compare' && (
        <CompareDialog
          component={component}
          environment={environment}
          others={
            before
              ? [
                  before.environment,
                  ...others.filter(other => other !== before.environment),
                ]
              : others
          }
          onClose={close}
        />
      )}
      {opened === 'releaseHold' && (
        <ReasonDialog
          title={t('hold.releaseTitle', { environment })}
          text={t('hold.releaseText')}
          submit={t('hold.release')}
          onSubmit={async reason => {
            await api.releaseHold({ component, environment, reason });
            onChanged();
          }}
          onClose={close}
        />
      )}
      {opened && opened !== 'compare' && opened !== 'releaseHold' && (
        <RequestDialog
          kind={opened}
          component={component}
          environment={environment}
          current={lane.release}
          before={
            before?.release && {
              environment: before.environment,
              release: before.release,
            }
          }
          onDone={onChanged}
          onClose={close}
        />
      )}
    </>
  );
}
