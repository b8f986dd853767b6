import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import searchPlugin from '@backstage/plugin-search/alpha';
import { Link } from '@backstage/ui';
import { RiSearchLine } from '@remixicon/react';
import { appTranslationRef } from '../../translation';
import styles from './SearchEntry.module.css';

/** Looks like a field and leads to the search page, where the field is. */
export function SearchEntry() {
  const { t } = useTranslationRef(appTranslationRef);
  const searchRoute = useRouteRef(searchPlugin.routes.root);
  if (!searchRoute) {
    return null;
  }
  return (
    <Link href={searchRoute()} standalone className={styles.root}>
      <RiSearchLine aria-hidden />
      <span className={styles.text}>{t('shell.searchPlaceholder')}</span>
    </Link>
  );
}
