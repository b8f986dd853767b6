import { useState } from 'react';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { Container, Flex, Link, SearchField, Text } from '@backstage/ui';
import { parseEntityRef } from '@backstage/catalog-model';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { appTranslationRef } from '../../translation';
import styles from './TemplateList.module.css';
import { matchTemplates } from './matchTemplates';

const LIMIT = 200;

/** The templates that the person may use, with a field to narrow them down. */
export function TemplateList() {
  const { t } = useTranslationRef(appTranslationRef);
  const catalog = useApi(catalogApiRef);
  const templateRoute = useRouteRef(scaffolderPlugin.routes.selectedTemplate);
  const [text, setText] = useState('');
  const { loading, error, value, retry } = useAsyncRetry(
    async () =>
      (
        await catalog.queryEntities({
          filter: { kind: 'template' },
          orderFields: { field: 'metadata.title', order: 'asc' },
          limit: LIMIT,
        })
      ).items,
    [catalog],
  );

  if (loading) {
    return (
      <Container>
        <LoadingState lines={6} />
      </Container>
    );
  }
  if (error || !value) {
    return (
      <Container py="4">
        <ProblemState
          error={error}
          title={t('templates.failed')}
          onRetry={retry}
        />
      </Container>
    );
  }
  const found = matchTemplates(value, text);
  return (
    <Container>
      <Flex direction="column" gap="4" py="4">
        <Text as="p" color="secondary">
          {t('templates.description')}
        </Text>
        {value.length > 1 && (
          <SearchField
            label={t('templates.filter')}
            value={text}
            onChange={setText}
            style={{ maxWidth: '24rem' }}
          />
        )}
        {found.length === 0 ? (
          <EmptyState
            title={
              value.length === 0
                ? t('templates.none')
                : t('templates.noMatch', { text })
            }
          />
        ) : (
          <ul className={styles.list} aria-label={t('templates.title')}>
            {found.map(({ metadata, spec }) => (
              <li key={`${metadata.namespace}/${metadata.name}`}>
                <h2 className={styles.title}>
                  <Link
                    href={
                      templateRoute?.({
                        namespace: metadata.namespace ?? 'default',
                        templateName: metadata.name,
                      }) ?? ''
                    }
                  >
                    {metadata.title ?? metadata.name}
                  </Link>
                </h2>
                {metadata.description && (
                  <Text as="p">{metadata.description}</Text>
                )}
                <p className={styles.facts}>
                  {tagsOf(spec?.type, metadata.tags).map(tag => (
                    <span key={tag} className={styles.tag}>
                      {tag}
                    </span>
                  ))}
                </p>
                {typeof spec?.owner === 'string' && (
                  <Text as="p" color="secondary">
                    {t('templates.by', {
                      owner: parseEntityRef(spec.owner, {
                        defaultKind: 'group',
                      }).name,
                    })}
                  </Text>
                )}
              </li>
            ))}
          </ul>
        )}
      </Flex>
    </Container>
  );
}

/** The type and the tags of a template, each once. */
function tagsOf(type: unknown, tags: string[] = []): string[] {
  return [...new Set(typeof type === 'string' ? [type, ...tags] : tags)];
}
