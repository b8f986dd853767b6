import { type Entity } from '@backstage/catalog-model';
import { type JsonValue } from '@backstage/types';
import { type CatalogSourceAddress } from './CatalogSourceAddress';
import { type DocumentPath, quote, RefusedDocument } from './RefusedDocument';
import { staysInSource } from './resolveInSource';

const TECHDOCS_REF = 'backstage.io/techdocs-ref';
const LINK_PROTOCOLS: ReadonlySet<string> = new Set([
  'http:',
  'https:',
  'mailto:',
]);
const SCRIPT_PROTOCOL = /^(?:javascript|data|vbscript|blob|file):/i;

/**
 * Checks every address that the portal would follow or show for an entity: docs
 * and template files stay in their source, links lead to web pages.
 *
 * @throws RefusedDocument with the path of the address
 */
export function checkAddresses(
  entity: Entity,
  address: CatalogSourceAddress,
  file: string,
): void {
  for (const [key, value] of Object.entries(
    entity.metadata.annotations ?? {},
  )) {
    const path = ['metadata', 'annotations', key];
    if (key === TECHDOCS_REF) {
      checkTechdocsRef(value, path, address, file);
    } else {
      refuseScript(value, path);
    }
  }
  (entity.metadata.links ?? []).forEach((link, index) =>
    checkLink(link.url, ['metadata', 'links', index, 'url']),
  );
  if (entity.kind === 'Template') {
    checkTemplate(entity, address, file);
  }
}

function checkTechdocsRef(
  value: string,
  path: DocumentPath,
  address: CatalogSourceAddress,
  file: string,
): void {
  const [, type, target] = /^(dir|url):(.+)$/s.exec(value) ?? [];
  if (type === undefined) {
    throw new RefusedDocument(
      path,
      `${quote(value)} is no place of documents; expected "dir:." or "dir:./…"`,
    );
  }
  if (!staysInSource(target, address, file)) {
    throw new RefusedDocument(
      path,
      `${quote(
        value,
      )} leads out of the source; expected a relative folder of the same repository, as in "dir:."`,
    );
  }
}

function checkTemplate(
  entity: Entity,
  address: CatalogSourceAddress,
  file: string,
): void {
  const steps = entity.spec?.steps;
  if (Array.isArray(steps)) {
    steps.forEach((step, index) => {
      const action = member(step, 'action');
      const url = member(member(step, 'input'), 'url');
      if (
        typeof action !== 'string' ||
        !action.includes('fetch') ||
        typeof url !== 'string'
      ) {
        return;
      }
      // What an expression yields is known only when the template runs; there the
      // action reads with the tenant's own reader.
      const fixedPart = url.split('${{')[0];
      const isFixed = fixedPart === url;
      if (
        isFixed
          ? !staysInSource(url, address, file)
          : !staysInSource(`${fixedPart}x`, address, file)
      ) {
        throw new RefusedDocument(
          ['spec', 'steps', index, 'input', 'url'],
          `${quote(
            url,
          )} leads out of the source; expected a relative path of the same repository, as in "./skeleton"`,
        );
      }
    });
  }
  const links = member(entity.spec?.output, 'links');
  if (Array.isArray(links)) {
    links.forEach((link, index) => {
      const url = member(link, 'url');
      if (typeof url === 'string') {
        refuseScript(url, ['spec', 'output', 'links', index, 'url']);
      }
    });
  }
}

function checkLink(url: string, path: DocumentPath): void {
  let protocol: string | undefined;
  try {
    protocol = new URL(url).protocol;
  } catch {
    protocol = undefined;
  }
  if (protocol === undefined || !LINK_PROTOCOLS.has(protocol)) {
    throw new RefusedDocument(
      path,
      `${quote(url)} is no link; expected an http, https or mailto address`,
    );
  }
}

function refuseScript(value: string, path: DocumentPath): void {
  // Browsers skip blanks and control characters in front of and inside of a protocol.
  // eslint-disable-next-line no-control-regex
  const bare = value.replace(/[\u0000-\u0020\u007f-\u00a0]/g, '');
  if (SCRIPT_PROTOCOL.test(bare)) {
    throw new RefusedDocument(
      path,
      `${quote(value)} is no link; expected an http or https address`,
    );
  }
}

function member(
  value: JsonValue | undefined,
  key: string,
): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value[key]
    : undefined;
}
