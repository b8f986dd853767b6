import { Children, Fragment, useMemo } from 'react';
// The stock layout resolves the relative addresses of sub-pages in this very way, and
// frontend-plugin-api has no other.
// eslint-disable-next-line no-restricted-imports
import { useResolvedPath } from 'react-router-dom';
import {
  BreadcrumbEntry,
  type PageLayoutProps,
  useBreadcrumbEntries,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { appTranslationRef } from '../../translation';
import { currentMark, useCurrentPath } from '../../useCurrentPath';
import styles from './PorticoPageLayout.module.css';

/** Lays out every page of the framework. */
export function PorticoPageLayout(props: PageLayoutProps) {
  const { title, titleLink, noHeader, children } = props;
  const pagePath = useResolvedPath('.').pathname.replace(/\/$/, '');

  if (noHeader) {
    return <main className={styles.main}>{children}</main>;
  }
  const content = (
    <main className={styles.main}>
      <PageHead {...props} pagePath={pagePath} />
      {children}
    </main>
  );
  return title ? (
    <BreadcrumbEntry
      entry={{ label: title, href: titleLink ?? (pagePath || '/') }}
    >
      {content}
    </BreadcrumbEntry>
  ) : (
    content
  );
}

function PageHead(props: PageLayoutProps & { pagePath: string }) {
  const { title, icon, headerActions, tabs, pagePath } = props;
  const { t } = useTranslationRef(appTranslationRef);
  const { items: breadcrumbs } = useBreadcrumbEntries();
  const path = useCurrentPath();
  const sections = useMemo(
    () =>
      tabs?.map(tab => ({
        ...tab,
        href: tab.href.startsWith('/')
          ? tab.href
          : `${pagePath}/${tab.href}`.replace(/\/{2,}/g, '/'),
      })) ?? [],
    [tabs, pagePath],
  );
  // A page of its own level needs no path; a sub-page's first parts lead back.
  const above = breadcrumbs.length > 2 ? breadcrumbs.slice(0, -1) : [];
  const actions = Children.toArray(headerActions);

  return (
    <div className={styles.head}>
      {above.length > 0 && (
        <nav aria-label={t('pageLayout.breadcrumbs')}>
          <ol className={styles.breadcrumbs}>
            {above.map((entry, index) => (
              <Fragment key={`${index}:${entry.label}`}>
                <li>
                  {entry.href ? (
                    <Link href={entry.href}>{entry.label}</Link>
                  ) : (
                    entry.label
                  )}
                </li>
              </Fragment>
            ))}
          </ol>
        </nav>
      )}
      <div className={styles.titleRow}>
        {icon && (
          <span className={styles.icon} aria-hidden>
            {icon}
          </span>
        )}
        <h1 className={styles.title}>{title}</h1>
        {actions.length > 0 && <div className={styles.actions}>{actions}</div>}
      </div>
      {sections.length > 0 && (
        <nav aria-label={t('pageLayout.sections', { title: title ?? '' })}>
          <ul className={styles.sections}>
            {sections.map(section => (
              <li key={section.id}>
                <Link
                  href={section.href}
                  standalone
                  className={styles.section}
                  aria-current={currentMark(path, section.href)}
                >
                  {section.label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </div>
  );
}
