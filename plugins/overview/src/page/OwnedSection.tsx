import { type Entity } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Section } from '@portico/page-states';
import { EntityList, type KnownEntities } from '../components/EntityList';
import styles from '../components/Section.module.css';
import { relatedRefs } from '../relations/relations';
import { externalRoutes } from '../routes';
import { overviewTranslationRef } from '../translation';

const SHOWN = 30;

/** What a group or a person owns. */
export function OwnedSection(props: {
  entity: Entity;
  related: KnownEntities;
}) {
  const { entity, related } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const catalog = useRouteRef(externalRoutes.catalog);
  const owned = relatedRefs(entity, 'ownerOf').sort(byKind);
  const isUser = entity.kind.toLocaleLowerCase('en-US') === 'user';
  if (isUser && owned.length === 0) {
    return null;
  }
  return (
    <Section title={isUser ? t('owned.titleOfUser') : t('owned.title')}>
      {owned.length === 0 ? (
        <p className={styles.quiet}>{t('owned.none')}</p>
      ) : (
        <EntityList refs={owned.slice(0, SHOWN)} known={related} />
      )}
      {owned.length > SHOWN && catalog && (
        <Link href={catalog()}>
          {t('owned.more', { number: String(owned.length - SHOWN) })}
        </Link>
      )}
    </Section>
  );
}

const order = ['system', 'component', 'api', 'resource'];

function byKind(a: string, b: string): number {
  const rank = (ref: string) => {
    const place = order.indexOf(ref.split(':')[0]);
    return place === -1 ? order.length : place;
  };
  return rank(a) - rank(b) || a.localeCompare(b);
}
