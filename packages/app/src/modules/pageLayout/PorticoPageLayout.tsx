import { Children, useMemo, useRef } from 'react';
// The stock layout resolves the relative addresses of sub-pages in this very way, and
// frontend-plugin-api has no other.
// eslint-disable-next-line no-restricted-imports
import { useResolvedPath } from 'react-router-dom';
import {
  BreadcrumbEntry,
  type BreadcrumbEntryData,
  type PageLayoutProps,
  useBreadcrumbEntries,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Link, VisuallyHidden } from '@backstage/ui';
import { appTranslationRef } from '../../translation';
import { currentMark, useCurrentPath } from '../../useCurrentPath';
import styles from './PorticoPageLayout.module.css';
import { useDocumentTitle } from './useDocumentTitle';
import { useHasOwnMain } from './useHasOwnMain';

/** Lays out every page of the framework. */
export function PorticoPageLayout(props: PageLayoutProps) {
  const { title, titleLink, noHeader, children } = props;
  const pagePath = useResolvedPath('.').pathname.replace(/\/$/, '');
  const contentRef = useRef<HTMLDivElement>(null);
  const hasOwnMain = useHasOwnMain(contentRef);

  if (noHeader) {
    return <>{children}</>;
  }
  const content = (
    <div
      ref={contentRef}
      className={styles.main}
      role={hasOwnMain ? undefined : 'main'}
    >
      <PageHead {...props} pagePath={pagePath} />
      {children}
    </div>
  );
  return title ? (
    <BreadcrumbEntry
      entry={{ label: title, href: titleLink ?? firstSegment(pagePath) }}
    >
      {content}
    </BreadcrumbEntry>
  ) : (
    content
  );
}

function PageHead(props: PageLayoutProps & { pagePath: string }) {
  const { title, headerActions, tabs, pagePath } = props;
  const { t } = useTranslationRef(appTranslationRef);
  const { items: breadcrumbs } = useBreadcrumbEntries();
  useDocumentTitle(breadcrumbs.map(({ label }) => label).reverse());
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
  const actions = Children.toArray(headerActions);
  // What lies below this page and its section has a heading of its own in the content,
  // so the head only leads back from there.
  const isBelow =
    breadcrumbs.length > (sections.length > 0 ? 2 : 1) ||
    pagePath.lastIndexOf('/') > 0;

  return (
    <div className={styles.head}>
      <div className={styles.titleRow}>
        {isBelow ? (
          <>
            <VisuallyHidden>
              <h1>
                {breadcrumbs.length > 1
                  ? breadcrumbs.at(-1)?.label
                  : lastSegment(pagePath)}
              </h1>
            </VisuallyHidden>
            <Breadcrumbs entries={breadcrumbs} />
          </>
        ) : (
          <h1 className={styles.title}>{title}</h1>
        )}
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

/** The address of the page that a deeper one belongs to. */
function firstSegment(path: string): string {
  return `/${path.split('/')[1] ?? ''}`;
}

function lastSegment(path: string): string {
  const segment = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function Breadcrumbs(props: { entries: BreadcrumbEntryData[] }) {
  const { t } = useTranslationRef(appTranslationRef);
  const lastIndex = props.entries.length - 1;
  return (
    <nav className={styles.path} aria-label={t('pageLayout.breadcrumbs')}>
      <ol className={styles.breadcrumbs}>
        {props.entries.map((entry, index) => (
          <li key={`${index}:${entry.label}`}>
            {entry.href && (index < lastIndex || lastIndex === 0) ? (
              <Link href={entry.href}>{entry.label}</Link>
            ) : (
              <span aria-current={index === lastIndex ? 'page' : undefined}>
                {entry.label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
