import { useState } from 'react';
import { type Entity } from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Button } from '@backstage/ui';
import { LoadingState, ProblemState, Section } from '@portico/page-states';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { loadImpact, MAX_IMPACT } from '../relations/loadImpact';
import { overviewTranslationRef } from '../translation';
import {
  EntityLink,
  EntityList,
  type KnownEntities,
  nameOf,
} from './EntityList';
import styles from './Section.module.css';

/** Who would notice a change of an entity, and whom to tell before. Asked for on demand. */
export function ImpactSection(props: { entity: Entity; known: KnownEntities }) {
  const { t } = useTranslationRef(overviewTranslationRef);
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title={t('impact.title')}>
      {isOpen ? (
        <ImpactAnswer {...props} />
      ) : (
        <div>
          <Button variant="secondary" onPress={() => setOpen(true)}>
            {t('impact.ask')}
          </Button>
        </div>
      )}
    </Section>
  );
}

function ImpactAnswer(props: { entity: Entity; known: KnownEntities }) {
  const { entity, known } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const catalog = useApi(catalogApiRef);
  const { error, value, retry } = useAsyncRetry(
    () => loadImpact(catalog, entity, known),
    [catalog, entity, known],
  );
  if (error) {
    return (
      <ProblemState error={error} title={t('impact.failed')} onRetry={retry} />
    );
  }
  if (!value) {
    return <LoadingState lines={2} />;
  }
  if (value.affected.length === 0) {
    return <p role="status">{t('impact.none')}</p>;
  }
  const all: KnownEntities = new Map([
    ...known,
    ...value.affected.map(each => [each.ref, each.entity] as const),
  ]);
  const byRef = new Map(value.affected.map(each => [each.ref, each]));
  const direct = value.affected.filter(({ steps }) => steps === 1).length;
  return (
    <>
      <p className={styles.text} role="status">
        {t('impact.summary', {
          number: String(value.affected.length),
          direct: String(direct),
        })}
      </p>
      <h3 className={styles.subtitle}>{t('impact.owners')}</h3>
      <ul className={styles.inline}>
        {value.owners.map(({ ref, count }) => (
          <li key={ref}>
            <EntityLink entityRef={ref} known={all} />
            {` (${count})`}
          </li>
        ))}
      </ul>
      <EntityList
        refs={value.affected.map(({ ref }) => ref)}
        known={all}
        detail={ref => {
          const through = byRef.get(ref)?.through;
          return (
            <span className={styles.quiet}>
              {through
                ? t('impact.through', { name: nameOf(through, all) })
                : t('impact.directly')}
            </span>
          );
        }}
      />
      {value.isCut && (
        <p className={styles.quiet}>
          {t('impact.cut', { number: String(MAX_IMPACT) })}
        </p>
      )}
    </>
  );
}
