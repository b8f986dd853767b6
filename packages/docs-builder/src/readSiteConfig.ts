import { posix } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';

/** A page or a section of the table of contents. */
export type NavigationItem =
  | string
  | { [title: string]: string | NavigationItem[] };

/** What is taken of a tenant's `mkdocs.yml`. */
export interface SiteConfig {
  siteName: string;
  siteDescription?: string;
  /** Folder of the pages, from the folder of `mkdocs.yml`. */
  docsFolder: string;
  navigation?: NavigationItem[];
  /** In the form of MkDocs: a name, or a map from a name to its options. */
  markdownExtensions: Array<string | Record<string, object>>;
  /** What was left out, for people. */
  notes: string[];
}

/** A `mkdocs.yml` that nothing can be built with. */
export class SiteConfigError extends Error {}

const MOST_BYTES = 256 * 1024;
const MOST_NAVIGATION_ITEMS = 2_000;
const MOST_NAVIGATION_DEPTH = 8;
const MOST_NOTES = 50;

/** techdocs-core brings these by itself. */
const broughtExtensions = new Set([
  'abbr',
  'admonition',
  'attr_list',
  'codehilite',
  'def_list',
  'extra',
  'fenced_code',
  'footnotes',
  'markdown.extensions.extra',
  'md_in_html',
  'mdx_truly_sane_lists',
  'tables',
  'toc',
  'pymdownx.betterem',
  'pymdownx.caret',
  'pymdownx.critic',
  'pymdownx.details',
  'pymdownx.emoji',
  'pymdownx.extra',
  'pymdownx.highlight',
  'pymdownx.inlinehilite',
  'pymdownx.magiclink',
  'pymdownx.mark',
  'pymdownx.smartsymbols',
  'pymdownx.snippets',
  'pymdownx.superfences',
  'pymdownx.tabbed',
  'pymdownx.tasklist',
  'pymdownx.tilde',
]);

/** These change text and reach for nothing else. */
const furtherExtensions = new Set([
  'meta',
  'nl2br',
  'pymdownx.escapeall',
  'pymdownx.keys',
  'pymdownx.progressbar',
  'pymdownx.saneheaders',
  'sane_lists',
  'smarty',
  'wikilinks',
]);

const tableOfContentsSchema = z.object({
  permalink: z.boolean().optional(),
  title: z.string().max(200).optional(),
  toc_depth: z.number().int().min(1).max(6).optional(),
});

const takenKeys = new Set([
  'site_name',
  'site_description',
  'docs_dir',
  'nav',
  'plugins',
  'markdown_extensions',
]);

/** Keys that change nothing of what people read here. */
const silentKeys = new Set([
  'copyright',
  'edit_uri',
  'repo_name',
  'repo_url',
  'site_author',
  'site_url',
  'theme',
]);

const takenPlugins = new Set(['techdocs-core', 'search']);

/**
 * Reads a `mkdocs.yml` of a tenant: what is known and harmless is taken over value by
 * value, the rest is left out and noted. Nothing of it reaches MkDocs as it stands.
 *
 * @param text - undefined where there is none
 * @throws SiteConfigError when it cannot be read, or leads out of its repository
 */
export function readSiteConfig(
  text: string | undefined,
  fallbackName: string,
): SiteConfig {
  const notes: string[] = [];
  const leaveOut = (what: string) => {
    if (notes.length < MOST_NOTES) notes.push(what);
  };
  const values = text === undefined ? {} : parseValues(text, leaveOut);
  for (const key of Object.keys(values)) {
    if (!takenKeys.has(key) && !silentKeys.has(key)) {
      leaveOut(`${shown(key)} is not used`);
    }
  }
  for (const plugin of namesOf(values.plugins)) {
    if (!takenPlugins.has(plugin)) {
      leaveOut(`The plugin ${shown(plugin)} is not used`);
    }
  }
  const description = textOf(values.site_description, 1_000);
  const navigation = readNavigation(values.nav, leaveOut);
  return {
    siteName: textOf(values.site_name, 200) ?? fallbackName,
    ...(description !== undefined && { siteDescription: description }),
    docsFolder: readDocsFolder(values.docs_dir),
    ...(navigation && { navigation }),
    markdownExtensions: readExtensions(values.markdown_extensions, leaveOut),
    notes,
  };
}

function parseValues(
  text: string,
  leaveOut: (what: string) => void,
): Record<string, unknown> {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new SiteConfigError(
      `mkdocs.yml is larger than ${MOST_BYTES / 1024} KiB: make it smaller.`,
    );
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) {
    throw new SiteConfigError(
      `mkdocs.yml cannot be read: ${error.message
        .split('\n')[0]
        .slice(0, 300)}`,
    );
  }
  for (const warning of document.warnings) {
    if (warning.code === 'TAG_RESOLVE_FAILED') {
      // Such as `!ENV` and `!!python/…`: the value is plain text here.
      leaveOut(warning.message.split('\n')[0].slice(0, 200));
    }
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch {
    throw new SiteConfigError(
      'mkdocs.yml repeats itself too often by aliases: write the values out.',
    );
  }
  if (value === null || value === undefined) return {};
  if (!isMap(value)) {
    throw new SiteConfigError(
      'mkdocs.yml is no map: expected keys such as site_name.',
    );
  }
  return value;
}

function readDocsFolder(value: unknown): string {
  if (value === undefined || value === null) return 'docs';
  const folder =
    typeof value === 'string' ? posix.normalize(value).replace(/\/$/, '') : '';
  if (
    folder === '' ||
    folder.startsWith('/') ||
    folder === '..' ||
    folder.startsWith('../') ||
    /[\0\\]/.test(folder)
  ) {
    throw new SiteConfigError(
      'docs_dir in mkdocs.yml must be a folder below the file, such as "docs".',
    );
  }
  return folder;
}

function readNavigation(
  value: unknown,
  leaveOut: (what: string) => void,
): NavigationItem[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const refuse = (target: string): [] => {
    leaveOut(`The entry ${shown(target)} of nav is not used`);
    return [];
  };
  let count = 0;
  const readItems = (items: unknown[], depth: number): NavigationItem[] => {
    if (depth > MOST_NAVIGATION_DEPTH) {
      throw new SiteConfigError(
        `nav in mkdocs.yml is deeper than ${MOST_NAVIGATION_DEPTH} levels: make it flatter.`,
      );
    }
    return items.flatMap((item): NavigationItem[] => {
      count += 1;
      if (count > MOST_NAVIGATION_ITEMS) {
        throw new SiteConfigError(
          `nav in mkdocs.yml has more than ${MOST_NAVIGATION_ITEMS} entries: make it shorter.`,
        );
      }
      if (typeof item === 'string') {
        return isTarget(item) ? [item] : refuse(item);
      }
      if (!isMap(item)) return [];
      return Object.entries(item).flatMap(
        ([title, target]): NavigationItem[] => {
          if (typeof target === 'string') {
            return isTarget(target) ? [{ [title]: target }] : refuse(target);
          }
          return Array.isArray(target)
            ? [{ [title]: readItems(target, depth + 1) }]
            : [];
        },
      );
    });
  };
  const items = readItems(value, 1);
  return items.length > 0 ? items : undefined;
}

/** A page below the folder of the pages, or an address of the web. */
function isTarget(target: string): boolean {
  if (/^https?:\/\/[^\s]+$/i.test(target)) return true;
  return (
    /^[^\s:!*/\\][^:\\\0]*$/.test(target) &&
    !target.split('/').includes('..') &&
    target.length <= 1_000
  );
}

function readExtensions(
  value: unknown,
  leaveOut: (what: string) => void,
): SiteConfig['markdownExtensions'] {
  const taken: SiteConfig['markdownExtensions'] = [];
  for (const name of namesOf(value)) {
    if (name === 'toc') {
      const options = tableOfContentsSchema.safeParse(optionsOf(value, name));
      if (options.success && Object.keys(options.data).length > 0) {
        taken.push({ toc: options.data });
      }
    } else if (furtherExtensions.has(name)) {
      taken.push(name);
    } else if (!broughtExtensions.has(name)) {
      leaveOut(`The Markdown extension ${shown(name)} is not used`);
    }
  }
  return taken;
}

/** The names in a list of names and of maps from a name to options, or in such a map. */
function namesOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(item =>
      typeof item === 'string' ? [item] : namesOf(item),
    );
  }
  return isMap(value) ? Object.keys(value) : [];
}

function optionsOf(value: unknown, name: string): unknown {
  const maps = Array.isArray(value) ? value : [value];
  return maps.find(item => isMap(item) && Object.hasOwn(item, name))?.[name];
}

function textOf(value: unknown, mostCharacters: number): string | undefined {
  return typeof value === 'string' && value.trim() !== ''
    ? value.slice(0, mostCharacters)
    : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
