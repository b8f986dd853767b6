import { useEffect, useMemo, useState } from 'react';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Link, Text, VisuallyHidden } from '@backstage/ui';
import { Section } from '@portico/page-states';
import { type Me } from '@portico/plugin-tenancy-common';
import { readingPath, type ReadingStep, stepId } from '../reading/readingPath';
import { ReadingProgress } from '../reading/ReadingProgress';
import { externalRoutes } from '../routes';
import { homeTranslationRef } from '../translation';
import styles from './HomeSection.module.css';

/** Portico's own documentation. */
const PORTICO_DOCS = { kind: 'system', namespace: 'default', name: 'portico' };

/** What to do and read first, by role; it can be put away. */
export function ReadingSection(props: {
  me: Me;
  title: string;
  onReady(): void;
}) {
  const { me, title, onReady } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const store = useMemo(() => ReadingProgress.of(me.userRef), [me.userRef]);
  const [progress, setProgress] = useState(() => store.read());
  const hrefOf = useStepHref();
  useEffect(onReady, [onReady]);

  const change = (next: typeof progress) => {
    store.write(next);
    setProgress(next);
  };
  const steps = readingPath(me.roles).flatMap(step => {
    const href = hrefOf(step);
    return href === undefined ? [] : [{ id: stepId(step), href }];
  });

  if (progress.hidden) {
    return (
      <Button
        variant="tertiary"
        size="small"
        onPress={() => change({ ...progress, hidden: false })}
      >
        {t('reading.show')}
      </Button>
    );
  }
  return (
    <Section
      title={title}
      actions={
        <Button
          variant="tertiary"
          size="small"
          onPress={() => change({ ...progress, hidden: true })}
        >
          {t('reading.hide')}
        </Button>
      }
    >
      <ol className={`${styles.list} ${styles.steps}`}>
        {steps.map(({ id, href }) => {
          const isDone = progress.done.includes(id);
          return (
            <li key={id} data-done={isDone || undefined}>
              <span>
                <Link
                  href={href}
                  onClick={() =>
                    isDone ||
                    change({ ...progress, done: [...progress.done, id] })
                  }
                >
                  {t(`reading.${id}`)}
                </Link>
                {isDone && (
                  <VisuallyHidden>{` (${t('reading.done')})`}</VisuallyHidden>
                )}
              </span>
              <Text color="secondary" variant="body-small">
                {t(`reading.${id}Text`)}
              </Text>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

/** Addresses of steps; nothing for pages that are not installed. */
function useStepHref(): (step: ReadingStep) => string | undefined {
  const docsOf = useRouteRef(externalRoutes.docsOf);
  const pages = {
    auditEntries: useRouteRef(externalRoutes.auditEntries),
    auditEvidence: useRouteRef(externalRoutes.auditEvidence),
    catalog: useRouteRef(externalRoutes.catalog),
    create: useRouteRef(externalRoutes.create),
    members: useRouteRef(externalRoutes.members),
    sources: useRouteRef(externalRoutes.sources),
    tenants: useRouteRef(externalRoutes.tenants),
    tokens: useRouteRef(externalRoutes.tokens),
  };
  return step => {
    if (step.page) {
      return pages[step.page]?.();
    }
    const docs = docsOf?.(PORTICO_DOCS);
    if (docs === undefined) {
      return undefined;
    }
    // Built documentation goes by the path, the repository's own by the query.
    const query = new URLSearchParams({ page: `${step.document}.md` });
    return step.document === 'index'
      ? docs
      : `${docs}/${step.document}/?${query}`;
  };
}
