import { type Entity } from '@backstage/catalog-model';
import { type CatalogApi } from '@backstage/plugin-catalog-react';
import { type SearchApi } from '@backstage/plugin-search-react';
import { z } from 'zod';
import { type SearchQuestion } from './searchQuestion';
import { correctSpelling, makeVocabulary, type Vocabulary } from './spelling';

const PAGE_SIZE = 25;
/** A larger catalog is corrected by its tags alone: its texts would be megabytes. */
const VOCABULARY_LIMIT = 5000;
/** What the catalog itself is asked for, beside the index. */
const DIRECT_LIMIT = 10;
const PLATFORM = 'default';

/** Something that was found. */
export interface SearchResult {
  /** Where it is in the portal. */
  location: string;
  title: MarkedText;
  excerpt: MarkedText;
  isDocument: boolean;
  kind?: string;
  type?: string;
  owner?: string;
  isOfPlatform: boolean;
}

/** A text in parts, some of which are what was searched for. */
export type MarkedText = { text: string; isMatch: boolean }[];

/** One page of what was found. */
export interface SearchAnswer {
  results: SearchResult[];
  /** What was searched for instead, as nothing was found for the question. */
  corrected?: string;
  previousCursor?: string;
  nextCursor?: string;
}

/** Whom to ask, and for whom. */
export interface SearchContext {
  search: Pick<SearchApi, 'query'>;
  catalog: Pick<CatalogApi, 'queryEntities' | 'getEntityFacets'>;
  tenant: string;
}

/**
 * Asks the index, and the catalog for what is too new for the index. Where both find
 * nothing, the words that the caller can see anyhow correct the spelling.
 */
export async function askPortal(
  question: SearchQuestion,
  context: SearchContext,
): Promise<SearchAnswer> {
  const answer = await ask(question, context);
  if (answer.results.length > 0 || question.cursor !== undefined) {
    return answer;
  }
  const corrected = correctSpelling(
    question.text,
    await readVocabulary(context),
  );
  if (corrected === undefined) {
    return answer;
  }
  const second = await ask({ ...question, text: corrected }, context);
  return second.results.length > 0 ? { ...second, corrected } : answer;
}

async function ask(
  question: SearchQuestion,
  context: SearchContext,
): Promise<SearchAnswer> {
  const [indexed, direct] = await Promise.all([
    context.search.query({
      term: question.text,
      types: question.type === 'all' ? undefined : [question.type],
      filters: {
        // The portal decides what may be seen; this keeps the index from looking
        // through what it would have to leave out.
        namespace: namespacesOf(context.tenant),
        ...(question.kind && { kind: question.kind }),
      },
      pageLimit: PAGE_SIZE,
      ...(question.cursor && { pageCursor: question.cursor }),
    }),
    question.type === 'techdocs' || question.cursor !== undefined
      ? []
      : findDirectly(question, context),
  ]);
  const results = indexed.results.map(({ type, document, highlight }) =>
    toResult({
      isDocument: type === 'techdocs',
      document,
      highlight,
    }),
  );
  // Where there are further pages, they may have what the catalog found.
  const found = new Set(results.map(({ location }) => location));
  const added = indexed.nextPageCursor
    ? []
    : direct.filter(({ location }) => !found.has(location));
  return {
    results: [...results, ...added],
    previousCursor: indexed.previousPageCursor,
    nextCursor: indexed.nextPageCursor,
  };
}

/** By name, title, description and tag, as the catalog is at this moment. */
async function findDirectly(
  question: SearchQuestion,
  { catalog, tenant }: SearchContext,
): Promise<SearchResult[]> {
  const { items } = await catalog.queryEntities({
    filter: {
      'metadata.namespace': namespacesOf(tenant),
      ...(question.kind && { kind: question.kind }),
    },
    fullTextFilter: {
      term: question.text,
      fields: [
        'metadata.name',
        'metadata.title',
        'metadata.description',
        'metadata.tags',
      ],
    },
    fields: [
      'kind',
      'metadata.namespace',
      'metadata.name',
      'metadata.title',
      'metadata.description',
      'spec.type',
      'spec.owner',
    ],
    limit: DIRECT_LIMIT,
    totalItems: 'exclude',
  });
  return items.map(entity =>
    toResult({ isDocument: false, document: toDocument(entity) }),
  );
}

/** An entity as the index would hold it. */
function toDocument({ kind, metadata, spec }: Entity) {
  const namespace = metadata.namespace ?? PLATFORM;
  return {
    title: metadata.title ?? metadata.name,
    text: metadata.description ?? '',
    location: `/catalog/${[namespace, kind, metadata.name]
      .map(encodeURIComponent)
      .join('/')}`.toLocaleLowerCase('en-US'),
    namespace,
    kind,
    type: spec?.type,
    owner: spec?.owner,
  };
}

const textSchema = z.string().optional().catch(undefined);
const documentSchema = z.object({
  title: z.string().catch(''),
  text: z.string().catch(''),
  location: z.string(),
  namespace: textSchema,
  kind: textSchema,
  type: textSchema,
  owner: textSchema,
});

function toResult(found: {
  isDocument: boolean;
  document: unknown;
  highlight?: {
    preTag: string;
    postTag: string;
    fields: Record<string, string>;
  };
}): SearchResult {
  const { isDocument, highlight } = found;
  const { title, text, location, namespace, kind, type, owner } =
    documentSchema.parse(found.document);
  const marked = (field: string, plain: string) =>
    readMarks(highlight?.fields[field] || plain, highlight);
  return {
    location,
    title: marked('title', title),
    excerpt: marked('text', text),
    isDocument,
    kind,
    type,
    owner,
    isOfPlatform: namespace === PLATFORM,
  };
}

/** Takes the marks of the index out of a text. */
export function readMarks(
  text: string,
  marks: { preTag: string; postTag: string } | undefined,
): MarkedText {
  if (!marks?.preTag || !marks.postTag) {
    return [{ text, isMatch: false }];
  }
  return text
    .split(marks.preTag)
    .flatMap((part, index) => {
      if (index === 0) {
        return [{ text: part, isMatch: false }];
      }
      const [match, ...rest] = part.split(marks.postTag);
      return [
        { text: match, isMatch: true },
        { text: rest.join(''), isMatch: false },
      ];
    })
    .filter(part => part.text !== '');
}

/** The words of everything that the caller can see. */
async function readVocabulary({
  catalog,
  tenant,
}: SearchContext): Promise<Vocabulary> {
  const filter = { 'metadata.namespace': namespacesOf(tenant) };
  const { totalItems } = await catalog.queryEntities({ filter, limit: 0 });
  const { facets } = await catalog.getEntityFacets({
    filter,
    facets: [
      'metadata.tags',
      'spec.type',
      ...(totalItems <= VOCABULARY_LIMIT
        ? ['metadata.name', 'metadata.title', 'metadata.description']
        : []),
    ],
  });
  return makeVocabulary(
    Object.values(facets)
      .flat()
      .map(({ value, count }) => ({ text: value, count })),
  );
}

function namespacesOf(tenant: string): string[] {
  return [...new Set([tenant, PLATFORM])];
}
