/** A source by its tenant and name. */
export interface SourceName {
  tenant: string;
  source: string;
}

/** One text per source; neither name may contain a slash. */
export function sourceKey({ tenant, source }: SourceName): string {
  return `${tenant}/${source}`;
}
