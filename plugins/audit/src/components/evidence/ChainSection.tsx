import { type ReactNode, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Button, Flex, Text } from '@backstage/ui';
import { RiDownloadLine, RiEraserLine } from '@remixicon/react';
import {
  auditPersonErasePermission,
  type ChainList,
  type ChainState,
} from '@portico/plugin-audit-common';
import { formatAge, formatMoment } from '../../content/moments';
import { placeState } from '../../content/placeStates';
import { useNow } from '../../hooks/useNow';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';
import { ExportDialog } from '../export/ExportDialog';
import { CheckpointList } from './CheckpointList';
import { EraseDialog } from './EraseDialog';
import styles from './Evidence.module.css';
import { PlaceMark } from './PlaceMark';

/** How one chain does, and what can be done with it. */
export function ChainSection(props: {
  state: ChainState;
  chainList: ChainList;
  onChange(): void;
}) {
  const { state, chainList, onChange } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  const erase = usePermission({ permission: auditPersonErasePermission });
  const now = useNow();
  const [dialog, setDialog] = useState<'export' | 'erase'>();
  const { checkpoint } = state;
  const open = state.size - (checkpoint?.size ?? 0);

  return (
    <section className={styles.section}>
      <Flex justify="between" align="center" gap="3" className={styles.head}>
        <Text as="h2" variant="title-x-small">
          {t('evidence.chainTitle', { chain: wording.chain(state.chain) })}
        </Text>
        <Flex gap="2">
          <Button
            size="small"
            variant="primary"
            iconStart={<RiDownloadLine />}
            onPress={() => setDialog('export')}
          >
            {t('export.open')}
          </Button>
          {erase.allowed && (
            <Button
              size="small"
              variant="secondary"
              iconStart={<RiEraserLine />}
              onPress={() => setDialog('erase')}
            >
              {t('erase.open')}
            </Button>
          )}
        </Flex>
      </Flex>

      <dl className={styles.figures}>
        <Figure name={t('evidence.size')} value={state.size.toLocaleString()}>
          {state.lastEntryAt &&
            t('evidence.lastEntry', { age: formatAge(state.lastEntryAt, now) })}
        </Figure>
        <Figure
          name={t('evidence.oldest')}
          value={t('evidence.number', {
            number: state.oldest.toLocaleString(),
          })}
        >
          {state.retentionDays === undefined
            ? t('evidence.keptForEver')
            : t('evidence.keptFor', { count: state.retentionDays })}
        </Figure>
        <Figure
          name={t('evidence.waiting')}
          value={state.waiting.toLocaleString()}
        >
          {t('evidence.waitingText')}
        </Figure>
        <Figure
          name={t('evidence.checkpoint')}
          value={
            checkpoint
              ? t('evidence.checkpointOver', {
                  size: checkpoint.size.toLocaleString(),
                })
              : t('evidence.noCheckpoint')
          }
        >
          {checkpoint
            ? `${formatAge(checkpoint.createdAt, now)}${
                open > 0 ? `, ${t('evidence.sinceThen', { count: open })}` : ''
              }`
            : t('evidence.noCheckpointText')}
        </Figure>
      </dl>

      <h3 className={styles.heading}>{t('evidence.places')}</h3>
      {state.anchors.length === 0 ? (
        <Text as="p" color="secondary">
          {t('evidence.noPlaces')}
        </Text>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('place.name')}</th>
              <th scope="col">{t('place.state')}</th>
              <th scope="col">{t('place.holds')}</th>
              <th scope="col">{t('place.delivered')}</th>
            </tr>
          </thead>
          <tbody>
            {state.anchors.map(place => (
              <tr key={place.destination}>
                <th scope="row">
                  {place.destination}{' '}
                  <span className={styles.quiet}>{place.type}</span>
                </th>
                <td>
                  <PlaceMark state={placeState(place, state)} />
                  {place.failingSince !== undefined && (
                    <p className={styles.failure}>
                      {t('place.failingSince', {
                        moment: formatMoment(place.failingSince),
                        reason: place.failure ?? t('place.noReason'),
                      })}
                    </p>
                  )}
                </td>
                <td>
                  {place.size === 0
                    ? t('evidence.noCheckpoint')
                    : t('evidence.checkpointOver', {
                        size: place.size.toLocaleString(),
                      })}
                </td>
                <td>
                  {place.deliveredAt === undefined ? (
                    '–'
                  ) : (
                    <time dateTime={place.deliveredAt}>
                      {formatMoment(place.deliveredAt)}
                    </time>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}

      <h3 className={styles.heading}>{t('evidence.checkpoints')}</h3>
      <CheckpointList chain={state.chain} newest={checkpoint?.size ?? 0} />

      {dialog === 'export' && (
        <ExportDialog
          view={{ chain: state.chain }}
          isComplete
          chainList={chainList}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'erase' && (
        <EraseDialog
          chain={state.chain}
          onClose={() => setDialog(undefined)}
          onDone={onChange}
        />
      )}
    </section>
  );
}

function Figure(props: { name: string; value: string; children?: ReactNode }) {
  return (
    <div className={styles.figure}>
      <dt>{props.name}</dt>
      <dd className={styles.number}>{props.value}</dd>
      {props.children && <dd className={styles.quiet}>{props.children}</dd>}
    </div>
  );
}
