import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Text } from '@backstage/ui';
import { type DocsNavEntry } from '../../content/docs/docsNav';
import { gitHostTranslationRef } from '../../translation';
import styles from './RepositoryDocs.module.css';

/** The pages of a documentation, in groups. */
export function DocsNav(props: {
  entries: readonly DocsNavEntry[];
  current: string;
  hrefOf: (page: string) => string;
}) {
  const { entries, current, hrefOf } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  return (
    <ul className={styles.pages}>
      {entries.map(entry =>
        'path' in entry ? (
          <li key={`page ${entry.path}`}>
            <Link
              href={hrefOf(entry.path)}
              standalone
              className={styles.page}
              aria-current={entry.path === current ? 'page' : undefined}
            >
              {entry.title ?? t('docs.home')}
            </Link>
          </li>
        ) : (
          <li key={`group ${entry.title}`}>
            <Text as="p" color="secondary">
              {entry.title}
            </Text>
            <DocsNav {...props} entries={entry.entries} />
          </li>
        ),
      )}
    </ul>
  );
}
