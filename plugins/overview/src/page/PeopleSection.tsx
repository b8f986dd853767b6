import { type Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Section } from '@portico/page-states';
import { EntityLink, type KnownEntities } from '../components/EntityList';
import styles from '../components/Section.module.css';
import { relatedRefs } from '../relations/relations';
import { overviewTranslationRef } from '../translation';

/** Who is in a group and where it belongs, or in which groups a person is. */
export function PeopleSection(props: {
  entity: Entity;
  related: KnownEntities;
}) {
  const { entity, related } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  if (entity.kind.toLocaleLowerCase('en-US') === 'user') {
    return (
      <Section title={t('members.groups')}>
        <Names
          refs={relatedRefs(entity, 'memberOf')}
          known={related}
          none={t('members.noGroups')}
        />
      </Section>
    );
  }
  const above = relatedRefs(entity, 'childOf');
  const below = relatedRefs(entity, 'parentOf');
  return (
    <Section title={t('members.title')}>
      <Names
        refs={relatedRefs(entity, 'hasMember')}
        known={related}
        none={t('members.none')}
      />
      {above.length + below.length > 0 && (
        <div className={styles.halves}>
          {above.length > 0 && (
            <div>
              <h3 className={styles.subtitle}>{t('members.above')}</h3>
              <Names refs={above} known={related} />
            </div>
          )}
          {below.length > 0 && (
            <div>
              <h3 className={styles.subtitle}>{t('members.below')}</h3>
              <Names refs={below} known={related} />
            </div>
          )}
        </div>
      )}
    </Section>
  );
}

function Names(props: { refs: string[]; known: KnownEntities; none?: string }) {
  return props.refs.length === 0 ? (
    <p className={styles.quiet}>{props.none}</p>
  ) : (
    <ul className={styles.inline}>
      {props.refs.map(ref => (
        <li key={ref}>
          <EntityLink entityRef={ref} known={props.known} />
        </li>
      ))}
    </ul>
  );
}
