import { useMemo } from 'react';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { describeProblem, Section } from '@portico/page-states';
import {
  EntityLink,
  EntityList,
  type KnownEntities,
} from '../components/EntityList';
import styles from '../components/Section.module.css';
import { EnvironmentMark } from '../health/EnvironmentMark';
import { type Statuses, useStatuses } from '../health/useStatuses';
import { relatedRefs } from '../relations/relations';
import { overviewTranslationRef } from '../translation';

/** What a system or a domain is made of: whose it is, what runs where and how it is. */
export function PartsSection(props: {
  entity: Entity;
  related: KnownEntities;
}) {
  const { entity, related } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const parts = useMemo(
    () => relatedRefs(entity, 'hasPart').sort(componentsFirst),
    [entity],
  );
  const components = useMemo(
    () =>
      parts.flatMap(ref => {
        const part = related.get(ref);
        return part && isComponent(ref) ? [part] : [];
      }),
    [parts, related],
  );
  const statuses = useStatuses(components);
  const isTold = statuses.isConfigured && components.length > 0;
  return (
    <Section title={t('parts.title')}>
      {parts.length === 0 ? (
        <p className={styles.quiet}>{t('parts.none')}</p>
      ) : (
        <EntityList
          refs={parts}
          known={related}
          detail={ref => {
            const part = related.get(ref);
            const owners = part ? relatedRefs(part, 'ownedBy') : [];
            return (
              <>
                {owners.map(owner => (
                  <EntityLink key={owner} entityRef={owner} known={related} />
                ))}
                {isTold && isComponent(ref) && (
                  <Environments entityRef={ref} statuses={statuses} />
                )}
              </>
            );
          }}
        />
      )}
      {isTold && (
        <p className={styles.quiet} role={statuses.error && 'alert'}>
          {statuses.error
            ? t('health.failed', { reason: describeProblem(statuses.error) })
            : t('health.source')}
        </p>
      )}
    </Section>
  );
}

function Environments(props: { entityRef: string; statuses: Statuses }) {
  const { entityRef, statuses } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const environments = statuses.value?.get(entityRef)?.environments ?? [];
  // The line keeps its height while the answer is on its way.
  return (
    <span className={styles.line}>
      {environments.map(status => (
        <EnvironmentMark key={status.environment} status={status} />
      ))}
      {statuses.value && environments.length === 0 && (
        <span className={styles.quiet}>{t('health.notDeployed')}</span>
      )}
      {!statuses.value && <span aria-hidden>–</span>}
    </span>
  );
}

function isComponent(ref: string): boolean {
  return parseEntityRef(ref).kind === 'component';
}

function componentsFirst(a: string, b: string): number {
  return Number(isComponent(b)) - Number(isComponent(a)) || a.localeCompare(b);
}
