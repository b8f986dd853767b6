import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Cell, CellText, type ColumnConfig, Row, Table } from '@backstage/ui';
import { type ChainState } from '@portico/plugin-audit-common';
import { formatAge } from '../../content/moments';
import { worstPlace } from '../../content/placeStates';
import { useNow } from '../../hooks/useNow';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';
import { PlaceMark } from './PlaceMark';
import styles from './Evidence.module.css';

type ChainRow = ChainState & { id: string };

/** All chains that the reader may see, to choose one. */
export function ChainTable(props: {
  chains: ChainState[];
  chosen: string | undefined;
  onChoose(chain: string): void;
}) {
  const { chains, chosen, onChoose } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  const now = useNow();
  const columns: ColumnConfig<ChainRow>[] = [
    {
      id: 'chain',
      label: t('evidence.chain'),
      isRowHeader: true,
      cell: state => <CellText title={wording.chain(state.chain)} />,
    },
    {
      id: 'size',
      label: t('evidence.size'),
      cell: state => <CellText title={state.size.toLocaleString()} />,
    },
    {
      id: 'waiting',
      label: t('evidence.waiting'),
      cell: state => <CellText title={state.waiting.toLocaleString()} />,
    },
    {
      id: 'checkpoint',
      label: t('evidence.checkpoint'),
      cell: state => (
        <CellText
          title={
            state.checkpoint
              ? t('evidence.checkpointOver', {
                  size: state.checkpoint.size.toLocaleString(),
                })
              : t('evidence.noCheckpoint')
          }
          description={
            state.checkpoint && formatAge(state.checkpoint.createdAt, now)
          }
        />
      ),
    },
    {
      id: 'places',
      label: t('evidence.places'),
      cell: state => (
        <Cell>
          <PlaceMark state={worstPlace(state)} />
        </Cell>
      ),
    },
  ];
  return (
    <Table<ChainRow>
      columnConfig={columns}
      data={chains.map(state => ({ ...state, id: state.chain }))}
      pagination={{ type: 'none' }}
      rowConfig={({ item }) => (
        <Row
          id={item.id}
          columns={columns}
          className={item.id === chosen ? styles.chosen : undefined}
          aria-current={item.id === chosen ? 'true' : undefined}
          onAction={() => onChoose(item.chain)}
        >
          {column => column.cell(item)}
        </Row>
      )}
    />
  );
}
