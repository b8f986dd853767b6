import { parseEntityRef } from '@backstage/catalog-model';
import { MarkdownContent } from '@backstage/core-components';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { type ScaffolderTaskOutput } from '@backstage/plugin-scaffolder-react';
import { ButtonLink } from '@backstage/ui';
import { appTranslationRef } from '../../translation';
import styles from './TaskPage.module.css';

/** What a run made: links to it, and what its template says about it. */
export function TaskOutput(props: { output: ScaffolderTaskOutput }) {
  const { links = [], text = [] } = props.output;
  const { t } = useTranslationRef(appTranslationRef);
  const entityRoute = useRouteRef(catalogPlugin.routes.catalogEntity);

  const targets = links.flatMap(link => {
    const href = link.entityRef
      ? entityRoute?.(parseEntityRef(link.entityRef))
      : link.url && pathInPortal(link.url);
    return href ? [{ href, title: link.title ?? href }] : [];
  });
  if (targets.length === 0 && text.length === 0) {
    return null;
  }
  return (
    <section className={styles.output} aria-label={t('task.output')}>
      {text.map(({ title, content }, index) => (
        <div key={index}>
          {title && <h3 className={styles.outputTitle}>{title}</h3>}
          {content && <MarkdownContent content={content} linkTarget="_self" />}
        </div>
      ))}
      <div className={styles.links}>
        {targets.map(({ href, title }, index) => (
          <ButtonLink
            key={href}
            href={href}
            variant={index === 0 ? 'primary' : 'secondary'}
          >
            {title}
          </ButtonLink>
        ))}
      </div>
    </section>
  );
}

/** Addresses of the portal itself are opened in place, not as another site. */
function pathInPortal(url: string): string {
  const parsed = URL.parse(url);
  return parsed?.origin === window.location.origin
    ? `${parsed.pathname}${parsed.search}${parsed.hash}`
    : url;
}
