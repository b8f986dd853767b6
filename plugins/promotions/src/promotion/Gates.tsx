import { useId } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Section } from '@portico/page-states';
import {
  type FrozenGate,
  type GateResult,
  knownGateKinds,
  type PromotionDetail,
} from '@portico/plugin-promotions-common';
import { EntityName } from '../components/EntityName';
import { GateMark } from '../components/marks';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { promotionsTranslationRef } from '../translation';
import gateStyles from './Gates.module.css';

/** Each gate of a promotion in the order of its stage: what it says, why, since when. */
export function Gates(props: { detail: PromotionDetail }) {
  const { stage, gates } = props.detail;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const results = new Map(gates.map(result => [result.gate, result]));
  // A rollback may be asked other gates than the stage lists.
  const asked = [
    ...stage.gates.map(gate => ({ gate, result: results.get(gate.name) })),
    ...gates
      .filter(result => !stage.gates.some(({ name }) => name === result.gate))
      .map(result => ({
        gate: {
          name: result.gate,
          kind: result.kind,
          requiredBy: result.requiredBy,
        },
        result,
      })),
  ];
  return (
    <Section title={t('gates.title')}>
      {asked.length === 0 ? (
        <p className={styles.quiet}>{t('gates.noGates')}</p>
      ) : (
        <ul className={styles.list}>
          {asked.map(({ gate, result }) => (
            <Gate key={gate.name} gate={gate} result={result} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Gate(props: {
  gate: Pick<FrozenGate, 'name' | 'kind' | 'requiredBy'>;
  result: GateResult | undefined;
}) {
  const { gate, result } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const known = knownGateKinds.find(kind => kind === gate.kind);
  const id = useId();
  return (
    <li aria-labelledby={id}>
      <div className={styles.row}>
        {result ? (
          <GateMark outcome={result.outcome} />
        ) : (
          <span className={styles.quiet}>{t('gates.notAsked')}</span>
        )}
        <h3 className={styles.subtitle} id={id}>
          {gate.name}
        </h3>
        <span className={styles.small}>
          {known ? t(`gateKind.${known}`) : gate.kind}, {t('gates.requiredBy')}{' '}
          <EntityName entityRef={gate.requiredBy} />
        </span>
      </div>
      {result && (
        <>
          <p className={styles.text}>{result.reason}</p>
          <p className={styles.small}>
            <Since result={result} />
          </p>
          <details className={gateStyles.evidence}>
            <summary>{t('gates.evidence')}</summary>
            <pre
              className={gateStyles.raw}
              // Long evidence is scrolled with the arrow keys.
              // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
            >
              {JSON.stringify(result.evidence, undefined, 2)}
            </pre>
            <p className={styles.small}>
              {t('gates.evidenceDigest', { digest: result.evidenceDigest })}
            </p>
          </details>
        </>
      )}
    </li>
  );
}

function Since(props: { result: GateResult }) {
  const { since, evaluatedAt, validUntil } = props.result;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <>
      {t('gates.since')} <Moment at={since} />
      {evaluatedAt !== since && (
        <>
          , {t('gates.asked')} <Moment at={evaluatedAt} />
        </>
      )}
      {validUntil && (
        <>
          , {t('gates.validUntil')} <Moment at={validUntil} />
        </>
      )}
    </>
  );
}
