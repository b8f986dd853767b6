import { type Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Section } from '@portico/page-states';
import styles from '../components/Section.module.css';
import { overviewTranslationRef } from '../translation';

/** Where else something about an entity is found; nothing where it names no place. */
export function LinksSection({ entity }: { entity: Entity }) {
  const { t } = useTranslationRef(overviewTranslationRef);
  // The catalog refuses others; a page does not rely on that.
  const links = (entity.metadata.links ?? []).filter(({ url }) =>
    /^(https?|mailto):/i.test(url),
  );
  if (links.length === 0) {
    return null;
  }
  return (
    <Section title={t('links.title')}>
      <ul className={styles.inline}>
        {links.map(({ url, title }) => (
          <li key={url}>
            <Link href={url}>{title ?? url}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
