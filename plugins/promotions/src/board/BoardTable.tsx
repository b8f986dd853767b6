import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Mark } from '@portico/page-states';
import { type BoardRow } from '@portico/plugin-promotions-common';
import { formatMoment } from '@portico/plugin-tenancy';
import { RiPauseCircleLine, RiScales3Line } from '@remixicon/react';
import { EntityName } from '../components/EntityName';
import { HealthMark, PhaseMark } from '../components/marks';
import sectionStyles from '../components/Section.module.css';
import { formatDistance } from '../content/moments';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { promotionsTranslationRef } from '../translation';
import styles from './Board.module.css';
import { boardTranslationRef } from './translation';

type BoardCell = BoardRow['cells'][number];

/** Components and environments: a plain table, whose links are reached with the keyboard. */
export function BoardTable(props: {
  environments: readonly string[];
  rows: readonly BoardRow[];
}) {
  const { environments, rows } = props;
  const { t } = useTranslationRef(boardTranslationRef);
  const now = new Date();
  return (
    <div
      className={styles.scroll}
      role="group"
      aria-label={t('title')}
      // A table that is wider than the page is moved with the arrow keys.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('component')}</th>
            {environments.map(environment => (
              <th key={environment} scope="col">
                {environment}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <Row
              key={row.component}
              row={row}
              environments={environments}
              now={now}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  row: BoardRow;
  environments: readonly string[];
  now: Date;
}) {
  const { row, environments, now } = props;
  const { name } = parseEntityRef(row.component);
  const href = useDeliveryLinks().delivery(row.component);
  return (
    <tr>
      <th scope="row">
        {href ? <Link href={href}>{name}</Link> : name}
        {row.owner && (
          <p className={sectionStyles.small}>
            <EntityName entityRef={row.owner} isPlain />
          </p>
        )}
      </th>
      {environments.map(environment => {
        const cell = row.cells.find(item => item.environment === environment);
        return (
          <td key={environment}>
            {cell && <Cell component={row.component} cell={cell} now={now} />}
          </td>
        );
      })}
    </tr>
  );
}

function Cell(props: { component: string; cell: BoardCell; now: Date }) {
  const { component, cell, now } = props;
  const { t } = useTranslationRef(boardTranslationRef);
  const { t: phaseText } = useTranslationRef(promotionsTranslationRef);
  const links = useDeliveryLinks();
  const { environment, phase, promotion, drift } = cell;
  const names = { component: parseEntityRef(component).name, environment };
  return (
    <div className={styles.cell}>
      {cell.version === undefined ? (
        <span className={styles.nothing}>
          {t(cell.sampleOnly ? 'sampleOnly' : 'nothing')}
        </span>
      ) : (
        <>
          <span className={styles.version}>{cell.version}</span>
          {cell.deployedAt && (
            <time
              className={sectionStyles.small}
              dateTime={cell.deployedAt}
              title={formatMoment(cell.deployedAt)}
            >
              {formatDistance(cell.deployedAt, now)}
            </time>
          )}
          <HealthMark health={cell.health} />
        </>
      )}
      {phase &&
        (promotion ? (
          <Link
            href={links.promotion(promotion)}
            aria-label={t('promotion', {
              ...names,
              phase: phaseText(`phase.${phase}`),
            })}
          >
            <PhaseMark phase={phase} />
          </Link>
        ) : (
          <PhaseMark phase={phase} />
        ))}
      {cell.behind > 0 && (
        <span className={sectionStyles.small}>
          {t('behind', { count: cell.behind })}
        </span>
      )}
      {drift > 0 && (
        <Link
          href={links.drift({ component, environment })}
          aria-label={t('driftNamed', { ...names, count: drift })}
        >
          <Mark
            tone="warning"
            icon={<RiScales3Line />}
            text={t('drift', { count: drift })}
          />
        </Link>
      )}
      {cell.held && (
        <Mark tone="plain" icon={<RiPauseCircleLine />} text={t('held')} />
      )}
    </div>
  );
}
