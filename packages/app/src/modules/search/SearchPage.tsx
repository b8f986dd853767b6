import { useCallback } from 'react';
import {
  identityApiRef,
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { searchApiRef } from '@backstage/plugin-search-react';
import { Button, Link, SearchField, Select, Text } from '@backstage/ui';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { useAddressQuery } from '../../useAddressQuery';
import { useDraft } from '../../useDraft';
import { askPortal } from './askPortal';
import { ResultItem } from './ResultItem';
import {
  readQuestion,
  resultKinds,
  resultTypes,
  type SearchQuestion,
  writeQuestion,
} from './searchQuestion';
import styles from './SearchPage.module.css';
import { searchPageTranslationRef } from './translation';

const ANY = '';

/** One field over names, descriptions and docs; the question stands in the address. */
export function SearchPage() {
  const { t } = useTranslationRef(searchPageTranslationRef);
  const [query, changeQuery] = useAddressQuery();
  const question = readQuestion(query);
  const show = (next: SearchQuestion, how: 'push' | 'replace' = 'push') =>
    changeQuery(writeQuestion(next), how);
  const text = useDraft(question.text, value =>
    show({ ...question, text: value, cursor: undefined }, 'replace'),
  );

  return (
    <div className={styles.root}>
      <div className={styles.form} role="search">
        <SearchField
          label={t('label')}
          size="medium"
          // The person came here to type.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={text.value}
          onChange={text.onChange}
        />
        <Select
          label={t('type')}
          size="medium"
          options={resultTypes.map(id => ({ id, label: t(`types.${id}`) }))}
          value={question.type}
          onChange={key =>
            show({
              text: question.text,
              type: resultTypes.find(type => type === key) ?? 'all',
            })
          }
        />
        <Select
          label={t('kind')}
          size="medium"
          isDisabled={question.type === 'techdocs'}
          options={[
            { id: ANY, label: t('anyKind') },
            ...resultKinds.map(id => ({ id, label: t(`kinds.${id}`) })),
          ]}
          value={question.kind ?? ANY}
          onChange={key => {
            const kind = resultKinds.find(name => name === key);
            show({
              text: question.text,
              type: kind ? 'software-catalog' : question.type,
              kind,
            });
          }}
        />
      </div>
      {question.text === '' ? (
        <div>
          <Text as="p">{t('hint')}</Text>
          <Text as="p" color="secondary">
            {t('hintTypos')}
          </Text>
        </div>
      ) : (
        <Results
          question={question}
          onPage={cursor => show({ ...question, cursor })}
        />
      )}
    </div>
  );
}

function Results(props: {
  question: SearchQuestion;
  onPage(cursor: string | undefined): void;
}) {
  const { question, onPage } = props;
  const { t } = useTranslationRef(searchPageTranslationRef);
  const catalogRoute = useRouteRef(catalogPlugin.routes.catalogIndex);
  const askNow = useAsk();
  const { loading, error, value, retry } = useAsyncRetry(
    () => askNow(question),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the question is its address
    [askNow, writeQuestion(question).toString()],
  );

  if (error) {
    return <ProblemState error={error} title={t('failed')} onRetry={retry} />;
  }
  if (!value) {
    return <LoadingState label={t('loading')} lines={6} />;
  }
  const { results, corrected, previousCursor, nextCursor } = value;
  return (
    <div className={styles.found} aria-busy={loading} data-stale={loading}>
      {results.length === 0 ? (
        <EmptyState
          title={t('none', { text: question.text })}
          description={t('noneHint')}
        />
      ) : (
        <>
          <div role="status">
            {corrected !== undefined && (
              <Text as="p" className={styles.corrected}>
                {t('corrected', { text: question.text, corrected })}
              </Text>
            )}
            <Text as="h2" variant="body-large" weight="bold">
              {t('results', { text: corrected ?? question.text })}
            </Text>
          </div>
          <ol className={styles.results}>
            {results.map(result => (
              <ResultItem key={result.location} result={result} />
            ))}
          </ol>
        </>
      )}
      {(previousCursor || nextCursor) && (
        <nav className={styles.pages} aria-label={t('pages')}>
          <Button
            variant="secondary"
            isDisabled={!previousCursor}
            onPress={() => onPage(previousCursor)}
          >
            {t('previous')}
          </Button>
          <Button
            variant="secondary"
            isDisabled={!nextCursor}
            onPress={() => onPage(nextCursor)}
          >
            {t('next')}
          </Button>
        </nav>
      )}
      {catalogRoute && question.type !== 'techdocs' && (
        <Link
          href={`${catalogRoute()}?${new URLSearchParams({
            kind: question.kind?.toLowerCase() ?? 'all',
            scope: 'all',
            text: corrected ?? question.text,
          })}`}
        >
          {t('inCatalog', { text: corrected ?? question.text })}
        </Link>
      )}
    </div>
  );
}

/** Asks for the person who is signed in. */
function useAsk() {
  const search = useApi(searchApiRef);
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  return useCallback(
    async (question: SearchQuestion) => {
      const { userEntityRef } = await identity.getBackstageIdentity();
      const tenant = parseEntityRef(userEntityRef).namespace;
      return askPortal(question, { search, catalog, tenant });
    },
    [search, catalog, identity],
  );
}
