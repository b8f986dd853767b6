/** Where entities lie: in the caller's tenant, with the platform, or in both. */
export const scopes = ['own', 'platform', 'all'] as const;
export type Scope = (typeof scopes)[number];

/** What a list can be ordered by. */
export const sortFields = {
  name: 'metadata.name',
  type: 'spec.type',
  owner: 'spec.owner',
  lifecycle: 'spec.lifecycle',
} as const;
export type SortField = keyof typeof sortFields;

/** Stands for every kind. */
export const EVERY_KIND = 'all';
/** Stands for the caller and the caller's groups. */
export const MINE = 'mine';

/** What a list of the catalog shows; all of it stands in the address. */
export interface CatalogView {
  kind: string;
  scope: Scope;
  text: string;
  types: string[];
  lifecycles: string[];
  tags: string[];
  /** `mine`, or the ref of an owner. */
  owner?: string;
  sort: SortField;
  isDescending: boolean;
  /** Counts from one; where it begins stands in the cursor. */
  page: number;
  cursor?: string;
}

/** Who looks: needed to turn "my groups" and "my organisation" into a filter. */
export interface Viewer {
  tenant: string;
  /** The person and the person's groups. */
  ownerRefs: string[];
}

const PLATFORM = 'default';
const TEXT_LIMIT = 200;
const VALUES_LIMIT = 50;

/**
 * Fields that every entity of a kind has. The catalog leaves out what lacks the field it
 * orders by, so a list is only ever ordered by these.
 */
const fieldsOfKind: Record<string, readonly SortField[]> = {
  component: ['name', 'type', 'owner', 'lifecycle'],
  api: ['name', 'type', 'owner', 'lifecycle'],
  resource: ['name', 'type', 'owner'],
  system: ['name', 'owner'],
  domain: ['name', 'owner'],
  template: ['name', 'type'],
  group: ['name', 'type'],
};

/** What a list of a kind can be ordered by without losing an entity. */
export function sortableFields(kind: string): readonly SortField[] {
  return fieldsOfKind[kind] ?? ['name'];
}

/** The list that a page begins with. */
export function defaultView(kind: string): CatalogView {
  return {
    kind,
    scope: 'own',
    text: '',
    types: [],
    lifecycles: [],
    tags: [],
    sort: 'name',
    isDescending: false,
    page: 1,
  };
}

/**
 * Reads a view out of an address; what makes no sense there is left out. Addresses that
 * other plugins write for the stock page (`filters[kind]=…`) are understood as well.
 *
 * @param kind - the kind that the page begins with, or is about
 * @param isKindFixed - whether the page is about that kind alone
 */
export function readView(
  query: URLSearchParams,
  kind: string,
  isKindFixed = false,
): CatalogView {
  const own = (name: string) => values(query.getAll(name));
  const stock = (name: string) =>
    values(
      [...query].flatMap(([key, value]) =>
        key === `filters[${name}]` || key.startsWith(`filters[${name}][`)
          ? [value]
          : [],
      ),
    );
  const either = (name: string, stockName: string) =>
    own(name).length > 0 ? own(name) : stock(stockName);

  const shownKind = isKindFixed
    ? kind
    : (either('kind', 'kind').at(0) ?? kind).toLowerCase();
  const sort = own('sort').at(0) ?? '';
  const field = sort.replace(/^-/, '');
  const isSortable = sortableFields(shownKind).some(name => name === field);
  const page = Number(own('page').at(0));
  const cursor = own('cursor').at(0);
  const hasPage = cursor !== undefined && Number.isSafeInteger(page);
  const owner =
    own('owner').at(0) ??
    stock('owners').at(0) ??
    (stock('user').at(0) === 'owned' ? MINE : undefined);
  return {
    kind: shownKind,
    scope: scopes.find(scope => scope === own('scope').at(0)) ?? 'own',
    text: (own('text').at(0) ?? stock('text').at(0) ?? '').slice(0, TEXT_LIMIT),
    types: either('type', 'type'),
    lifecycles: either('lifecycle', 'lifecycles'),
    tags: either('tag', 'tags'),
    ...(owner !== undefined && { owner }),
    sort: isSortable ? (field as SortField) : 'name',
    isDescending: isSortable && sort.startsWith('-'),
    page: hasPage && page > 1 ? page : 1,
    ...(hasPage && page > 1 && { cursor }),
  };
}

/** Writes a view as the query of an address; what goes without saying is left out. */
export function writeView(
  view: CatalogView,
  kind: string,
  isKindFixed = false,
): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: string, value: string, usual: string) => {
    if (value !== usual) query.set(name, value);
  };
  if (!isKindFixed) set('kind', view.kind, kind);
  set('scope', view.scope, 'own');
  set('text', view.text.trim(), '');
  view.types.forEach(type => query.append('type', type));
  set('owner', view.owner ?? '', '');
  view.lifecycles.forEach(lifecycle => query.append('lifecycle', lifecycle));
  view.tags.forEach(tag => query.append('tag', tag));
  set('sort', `${view.isDescending ? '-' : ''}${view.sort}`, 'name');
  if (view.cursor !== undefined && view.page > 1) {
    query.set('page', String(view.page));
    query.set('cursor', view.cursor);
  }
  return query;
}

/**
 * A view after a choice: from its first page on, and of another kind without the types,
 * states and order that the other kind may not have.
 */
export function changeView(
  view: CatalogView,
  change: Partial<CatalogView>,
): CatalogView {
  const { cursor, page, ...rest } = view;
  const isOtherKind = change.kind !== undefined && change.kind !== view.kind;
  return {
    ...rest,
    page: 1,
    ...(isOtherKind && {
      types: [],
      lifecycles: [],
      tags: [],
      sort: 'name',
      isDescending: false,
    }),
    ...change,
  };
}

/** Whether anything narrows the list of its kind. */
export function isNarrowed(view: CatalogView): boolean {
  return (
    view.text.trim() !== '' ||
    view.owner !== undefined ||
    view.types.length + view.lifecycles.length + view.tags.length > 0
  );
}

/** Kind and place alone: what the choices of the other filters are counted in. */
export function placeFilter(
  view: Pick<CatalogView, 'kind' | 'scope'>,
  viewer: Viewer,
): Record<string, string | string[]> {
  return {
    ...(view.kind !== EVERY_KIND && { kind: view.kind }),
    'metadata.namespace': namespaces(view.scope, viewer.tenant),
  };
}

/** What to ask the catalog for a view. */
export function toFilter(
  view: CatalogView,
  viewer: Viewer,
): Record<string, string | string[]> {
  return {
    ...placeFilter(view, viewer),
    ...(view.types.length > 0 && { 'spec.type': view.types }),
    ...(view.lifecycles.length > 0 && { 'spec.lifecycle': view.lifecycles }),
    ...(view.tags.length > 0 && { 'metadata.tags': view.tags }),
    ...(view.owner !== undefined && {
      'relations.ownedBy':
        view.owner === MINE ? viewer.ownerRefs : [view.owner],
    }),
  };
}

function namespaces(scope: Scope, tenant: string): string[] {
  switch (scope) {
    case 'own':
      return [tenant];
    case 'platform':
      return [PLATFORM];
    case 'all':
      return [...new Set([tenant, PLATFORM])];
    default:
      return scope satisfies never;
  }
}

/** Without blanks and repetitions, and never endlessly many. */
function values(texts: string[]): string[] {
  return [
    ...new Set(texts.map(text => text.trim()).filter(text => text !== '')),
  ].slice(0, VALUES_LIMIT);
}
