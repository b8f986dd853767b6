/** What can be searched for. */
export const resultTypes = ['all', 'software-catalog', 'techdocs'] as const;
export type ResultType = (typeof resultTypes)[number];

/** Kinds that results of the catalog can be narrowed down to, as the catalog writes them. */
export const resultKinds = [
  'Component',
  'API',
  'Resource',
  'System',
  'Domain',
  'Template',
  'Group',
  'User',
] as const;
export type ResultKind = (typeof resultKinds)[number];

/** What is searched for; all of it stands in the address. */
export interface SearchQuestion {
  text: string;
  type: ResultType;
  kind?: ResultKind;
  /** Where the page of results begins; absent for the first. */
  cursor?: string;
}

const TEXT_LIMIT = 200;

/** Reads a question out of an address; what makes no sense there is left out. */
export function readQuestion(query: URLSearchParams): SearchQuestion {
  const kind = resultKinds.find(
    name => name.toLowerCase() === query.get('kind')?.toLowerCase(),
  );
  const type =
    resultTypes.find(name => name === query.get('type')) ??
    (kind ? 'software-catalog' : 'all');
  const cursor = query.get('pageCursor');
  return {
    text: (query.get('query')?.trim() ?? '').slice(0, TEXT_LIMIT),
    type,
    ...(kind && type === 'software-catalog' && { kind }),
    ...(cursor && { cursor }),
  };
}

/** Writes a question as the query of an address; what goes without saying is left out. */
export function writeQuestion(question: SearchQuestion): URLSearchParams {
  const query = new URLSearchParams();
  if (question.text.trim() !== '') query.set('query', question.text.trim());
  if (question.type !== 'all') query.set('type', question.type);
  if (question.kind) query.set('kind', question.kind.toLowerCase());
  if (question.cursor) query.set('pageCursor', question.cursor);
  return query;
}
