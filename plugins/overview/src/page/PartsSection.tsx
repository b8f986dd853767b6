import { type Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  EntityLink,
  EntityList,
  type KnownEntities,
} from '../components/EntityList';
import { Section } from '../components/Section';
import styles from '../components/Section.module.css';
import { relatedRefs } from '../relations/relations';
import { overviewTranslationRef } from '../translation';

/** What a system or a domain is made of, with the owners. */
export function PartsSection(props: {
  entity: Entity;
  related: KnownEntities;
}) {
  const { entity, related } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const parts = relatedRefs(entity, 'hasPart');
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
            return owners.map(owner => (
              <EntityLink key={owner} entityRef={owner} known={related} />
            ));
          }}
        />
      )}
    </Section>
  );
}
