import {
  type AuditFilter,
  auditFilterSchema,
} from '@portico/plugin-audit-common';

/** Ranges of time that end now, with their length. */
export const timePresets = {
  hour: 60 * 60 * 1000,
  day: 24 * 60 * 60 * 1000,
  week: 7 * 24 * 60 * 60 * 1000,
  month: 30 * 24 * 60 * 60 * 1000,
} as const;
export type TimePreset = keyof typeof timePresets;

/** What the entries page looks for; it stands in the address as a whole. */
export interface View extends AuditFilter {
  /** Instead of `from`: a range of time that ends now. */
  range?: TimePreset;
}

/** The parts of a view in the order in which they are shown. */
export const viewKeys = [
  'text',
  'range',
  'from',
  'to',
  'chain',
  'actor',
  'act',
  'subject',
  'outcome',
  'severity',
  'requestId',
  'correlation',
] as const satisfies readonly (keyof View)[];
export type ViewKey = (typeof viewKeys)[number];

/** Reads a view out of an address; what makes no sense there is left out. */
export function readView(query: URLSearchParams): View {
  const view: View = {};
  for (const key of viewKeys) {
    const value = query.get(key)?.trim();
    if (!value) {
      continue;
    }
    if (key === 'range') {
      if (isTimePreset(value)) {
        view.range = value;
      }
      continue;
    }
    const parsed = auditFilterSchema.safeParse({ [key]: value });
    if (parsed.success) {
      Object.assign(view, parsed.data);
    }
  }
  if (view.range) {
    delete view.from;
    delete view.to;
  }
  return view;
}

/** Writes a view as the query of an address. */
export function writeView(view: View): URLSearchParams {
  const query = new URLSearchParams();
  for (const key of viewKeys) {
    const value = view[key];
    if (value) {
      query.set(key, value);
    }
  }
  return query;
}

/** What to ask the portal for a view that is looked at now. */
export function toFilter(view: View, now: Date): AuditFilter {
  const { range, ...filter } = view;
  return range
    ? {
        ...filter,
        from: new Date(now.getTime() - timePresets[range]).toISOString(),
      }
    : filter;
}

/** The parts of a view that are set. */
export function activeKeys(view: View): ViewKey[] {
  return viewKeys.filter(key => view[key] !== undefined);
}

function isTimePreset(value: string): value is TimePreset {
  return Object.hasOwn(timePresets, value);
}
