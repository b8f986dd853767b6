import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { type ChainState } from '@portico/plugin-audit-common';
import { formatAge } from '../../content/moments';
import { worstPlace } from '../../content/placeStates';
import { useNow } from '../../hooks/useNow';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';
import { PlaceMark } from './PlaceMark';
import styles from './Evidence.module.css';

/**
 * All chains that the reader may see, to choose one. A plain table: its rows are there
 * with its first paint, so that what stands below it does not move.
 */
export function ChainTable(props: {
  chains: ChainState[];
  chosen: string | undefined;
  onChoose(chain: string): void;
}) {
  const { chains, chosen, onChoose } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  const now = useNow();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('evidence.chain')}</th>
          <th scope="col">{t('evidence.size')}</th>
          <th scope="col">{t('evidence.waiting')}</th>
          <th scope="col">{t('evidence.checkpoint')}</th>
          <th scope="col">{t('evidence.places')}</th>
        </tr>
      </thead>
      <tbody>
        {chains.map(state => (
          <tr
            key={state.chain}
            className={state.chain === chosen ? styles.chosen : undefined}
            aria-current={state.chain === chosen ? 'true' : undefined}
          >
            <th scope="row">
              <Button
                size="small"
                variant="tertiary"
                onPress={() => onChoose(state.chain)}
              >
                {wording.chain(state.chain)}
              </Button>
            </th>
            <td>{state.size.toLocaleString()}</td>
            <td>{state.waiting.toLocaleString()}</td>
            <td>
              {state.checkpoint
                ? t('evidence.checkpointOver', {
                    size: state.checkpoint.size.toLocaleString(),
                  })
                : t('evidence.noCheckpoint')}
              {state.checkpoint && (
                <div className={styles.quiet}>
                  {formatAge(state.checkpoint.createdAt, now)}
                </div>
              )}
            </td>
            <td>
              <PlaceMark state={worstPlace(state)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
