import { useMemo } from 'react';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Section } from '@portico/page-states';
import {
  EntityLink,
  EntityList,
  type KnownEntities,
} from '../components/EntityList';
import styles from '../components/Section.module.css';
import { DeployedSources } from '../health/DeployedSources';
import { DeployedMark } from '../health/DeployedMark';
import { type Deployed, useDeployed } from '../health/useDeployed';
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
  const deployed = useDeployed(components);
  const isTold = deployed.isTold && components.length > 0;
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
                  <Environments entityRef={ref} deployed={deployed} />
                )}
              </>
            );
          }}
        />
      )}
      {isTold && <DeployedSources deployed={deployed} />}
    </Section>
  );
}

function Environments(props: { entityRef: string; deployed: Deployed }) {
  const { entityRef, deployed } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const environments = deployed.value?.get(entityRef) ?? [];
  // The line keeps its height while the answer is on its way.
  return (
    <span className={styles.line}>
      {environments.map(each => (
        <DeployedMark key={each.environment} deployed={each} />
      ))}
      {deployed.value && environments.length === 0 && (
        <span className={styles.quiet}>{t('health.notDeployed')}</span>
      )}
      {!deployed.value && <span aria-hidden>–</span>}
    </span>
  );
}

function isComponent(ref: string): boolean {
  return parseEntityRef(ref).kind === 'component';
}

function componentsFirst(a: string, b: string): number {
  return Number(isComponent(b)) - Number(isComponent(a)) || a.localeCompare(b);
}
