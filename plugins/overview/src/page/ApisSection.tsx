import { type Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Section } from '@portico/page-states';
import {
  EntityList,
  type KnownEntities,
  nameOf,
} from '../components/EntityList';
import styles from '../components/Section.module.css';
import { useEntityHref } from '../components/useEntityHref';
import { relatedRefs } from '../relations/relations';
import { overviewTranslationRef } from '../translation';

/** The APIs that a component provides and uses, or who provides and uses an API. */
export function ApisSection(props: { entity: Entity; related: KnownEntities }) {
  const { entity, related } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  if (entity.kind.toLocaleLowerCase('en-US') === 'api') {
    const providers = relatedRefs(entity, 'apiProvidedBy');
    const consumers = relatedRefs(entity, 'apiConsumedBy');
    return (
      <Section title={t('apis.consumers')}>
        <div className={styles.halves}>
          <div>
            {consumers.length > 0 ? (
              <EntityList refs={consumers} known={related} />
            ) : (
              <p className={styles.quiet}>{t('apis.noConsumers')}</p>
            )}
          </div>
          <div>
            <h3 className={styles.subtitle}>{t('apis.providers')}</h3>
            {providers.length > 0 ? (
              <EntityList refs={providers} known={related} />
            ) : (
              <p className={styles.quiet}>{t('apis.noProviders')}</p>
            )}
          </div>
        </div>
      </Section>
    );
  }
  const provided = relatedRefs(entity, 'providesApi');
  const consumed = relatedRefs(entity, 'consumesApi');
  return (
    <Section title={t('apis.title')}>
      {provided.length + consumed.length === 0 && (
        <p className={styles.quiet}>{t('apis.none')}</p>
      )}
      <div className={styles.halves}>
        {provided.length > 0 && (
          <div>
            <h3 className={styles.subtitle}>{t('apis.provided')}</h3>
            <ApiList refs={provided} known={related} />
          </div>
        )}
        {consumed.length > 0 && (
          <div>
            <h3 className={styles.subtitle}>{t('apis.consumed')}</h3>
            <ApiList refs={consumed} known={related} />
          </div>
        )}
      </div>
    </Section>
  );
}

function ApiList(props: { refs: string[]; known: KnownEntities }) {
  const { refs, known } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const hrefOf = useEntityHref();
  return (
    <EntityList
      refs={refs}
      known={known}
      detail={ref => {
        const entity = known.get(ref);
        const consumers = entity ? relatedRefs(entity, 'apiConsumedBy') : [];
        return (
          <>
            {entity && (
              <Link
                href={`${hrefOf(ref)}/definition`}
                aria-label={t('apis.definition', { name: nameOf(ref, known) })}
              >
                {t('apis.definitionLink')}
              </Link>
            )}
            {consumers.length > 0 && (
              <span className={styles.quiet}>
                {t('apis.neededBy', { number: String(consumers.length) })}
              </span>
            )}
          </>
        );
      }}
    />
  );
}
