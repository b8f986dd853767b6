import { type CompoundEntityRef } from '@backstage/catalog-model';
import { fetchApiRef, useApi } from '@backstage/frontend-plugin-api';
import {
  type DocsBuild,
  docsBuildFile,
  docsBuildSchema,
} from '@portico/docs-builder-common';
import { useEffect, useState } from 'react';

const SOON_MS = 2_000;
const LATER_MS = 15_000;

/**
 * How the build of an entity's documentation goes, where a builder tells: asked again
 * while the page is open. Undefined until it is known and where nobody tells.
 */
export function useDocsBuild(ref: CompoundEntityRef): DocsBuild | undefined {
  const { fetch } = useApi(fetchApiRef);
  const path = [ref.namespace, ref.kind, ref.name]
    .map(part => encodeURIComponent(part.toLocaleLowerCase('en-US')))
    .join('/');
  const [build, setBuild] = useState<DocsBuild>();
  useEffect(() => {
    const stop = new AbortController();
    let timer: number | undefined;
    const ask = async () => {
      const found = await readBuild(fetch, path, stop.signal);
      if (stop.signal.aborted) return;
      setBuild(before => (before?.at === found?.at ? before : found));
      if (found) {
        timer = window.setTimeout(
          ask,
          found.state === 'waiting' || found.state === 'building'
            ? SOON_MS
            : LATER_MS,
        );
      }
    };
    setBuild(undefined);
    ask().catch(() => setBuild(undefined));
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [fetch, path]);
  return build;
}

async function readBuild(
  fetch: typeof window.fetch,
  path: string,
  signal: AbortSignal,
): Promise<DocsBuild | undefined> {
  try {
    const response = await fetch(
      `plugin://techdocs/static/docs/${path}/${docsBuildFile}`,
      { signal, cache: 'no-cache' },
    );
    return response.ok
      ? docsBuildSchema.parse(await response.json())
      : undefined;
  } catch {
    // Pages are shown without it.
    return undefined;
  }
}
