import { useEffect, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { searchApiRef } from '@backstage/plugin-search-react';
import {
  Alert,
  Button,
  Container,
  Flex,
  Link,
  SearchField,
  Select,
  Text,
} from '@backstage/ui';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import useDebounce from 'react-use/esm/useDebounce';
import { Loading } from '../../Loading';
import { describeError } from '../../describeError';
import { appTranslationRef } from '../../translation';
import styles from './SearchPage.module.css';

const DEBOUNCE_MILLISECONDS = 200;
const PAGE_SIZE = 25;

const typeMessages = {
  all: 'search.typeAll',
  'software-catalog': 'search.typeCatalog',
  techdocs: 'search.typeDocs',
} as const;
type ResultType = keyof typeof typeMessages;

interface Question {
  text: string;
  type: ResultType;
  /** Where the page of results begins; absent for the first. */
  cursor?: string;
}

/** One field over names, descriptions and docs; the question is kept in the address. */
export function SearchPage() {
  const { t } = useTranslationRef(appTranslationRef);
  const [text, setText] = useState(() => readQuestion().text);
  const [question, setQuestion] = useState<Question>(readQuestion);

  useDebounce(
    () => {
      const trimmed = text.trim();
      if (trimmed !== question.text) {
        setQuestion({ text: trimmed, type: question.type });
      }
    },
    DEBOUNCE_MILLISECONDS,
    [text],
  );
  useEffect(() => writeQuestion(question), [question]);

  return (
    <Container>
      <Flex direction="column" gap="5" py="5">
        <div className={styles.form} role="search">
          <SearchField
            label={t('search.label')}
            size="medium"
            // The person came here to type.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={text}
            onChange={setText}
          />
          <Select
            label={t('search.type')}
            size="medium"
            options={Object.entries(typeMessages).map(([id, message]) => ({
              id,
              label: t(message),
            }))}
            value={question.type}
            onChange={key =>
              setQuestion({ text: question.text, type: readType(key) })
            }
          />
        </div>
        {question.text === '' ? (
          <Text as="p" color="secondary">
            {t('search.hint')}
          </Text>
        ) : (
          <Results
            question={question}
            onPage={cursor => setQuestion({ ...question, cursor })}
          />
        )}
      </Flex>
    </Container>
  );
}

function Results(props: { question: Question; onPage(cursor: string): void }) {
  const { question, onPage } = props;
  const { t } = useTranslationRef(appTranslationRef);
  const search = useApi(searchApiRef);
  const { loading, error, value, retry } = useAsyncRetry(
    () =>
      search.query({
        term: question.text,
        types: question.type === 'all' ? undefined : [question.type],
        pageLimit: PAGE_SIZE,
        ...(question.cursor && { pageCursor: question.cursor }),
      }),
    [search, question],
  );

  if (error) {
    return (
      <div role="alert">
        <Alert
          status="danger"
          icon
          title={t('search.failed')}
          description={describeError(error)}
          customActions={
            <Button variant="secondary" onPress={retry}>
              {t('search.retry')}
            </Button>
          }
        />
      </div>
    );
  }
  if (loading || !value) {
    return <Loading />;
  }
  const { results, previousPageCursor, nextPageCursor } = value;
  return (
    <>
      <div role="status">
        {results.length === 0 ? (
          <Flex direction="column" gap="1">
            <Text as="p" weight="bold">
              {t('search.none', { text: question.text })}
            </Text>
            <Text as="p" color="secondary">
              {t('search.noneHint')}
            </Text>
          </Flex>
        ) : (
          <Text as="h2" variant="body-large" weight="bold">
            {t('search.results', { text: question.text })}
          </Text>
        )}
      </div>
      {results.length > 0 && (
        <ol className={styles.results}>
          {results.map(({ document, type }) => (
            <li key={`${type}:${document.location}`}>
              <Link href={document.location} className={styles.title}>
                {document.title}
              </Link>
              <Text color="secondary">
                {type === 'techdocs'
                  ? t('search.typeDocs')
                  : describeEntity(document)}
              </Text>
              <p className={styles.excerpt}>{document.text}</p>
            </li>
          ))}
        </ol>
      )}
      {(previousPageCursor || nextPageCursor) && (
        <nav className={styles.pages} aria-label={t('search.pages')}>
          <Button
            variant="secondary"
            isDisabled={!previousPageCursor}
            onPress={() => onPage(previousPageCursor ?? '')}
          >
            {t('search.previous')}
          </Button>
          <Button
            variant="secondary"
            isDisabled={!nextPageCursor}
            onPress={() => onPage(nextPageCursor ?? '')}
          >
            {t('search.next')}
          </Button>
        </nav>
      )}
    </>
  );
}

/** Kind, type and namespace, as the catalog's documents carry them. */
function describeEntity(document: object): string {
  return ['kind', 'type', 'namespace']
    .map(key => (document as Record<string, unknown>)[key])
    .filter(part => typeof part === 'string' && part !== '')
    .join(' · ');
}

function readType(key: unknown): ResultType {
  return key === 'software-catalog' || key === 'techdocs' ? key : 'all';
}

function readQuestion(): Question {
  const parameters = new URLSearchParams(window.location.search);
  return {
    text: parameters.get('query')?.trim() ?? '',
    type: readType(parameters.get('type')),
    cursor: parameters.get('pageCursor') ?? undefined,
  };
}

/** The address can be shared; the history keeps one entry for the whole search. */
function writeQuestion(question: Question): void {
  const url = new URL(window.location.href);
  const parameters = {
    query: question.text,
    type: question.type === 'all' ? '' : question.type,
    pageCursor: question.cursor ?? '',
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value === '') {
      url.searchParams.delete(name);
    } else {
      url.searchParams.set(name, value);
    }
  }
  if (url.href !== window.location.href) {
    window.history.replaceState(window.history.state, '', url);
  }
}
