import { useCallback, useState } from 'react';
// frontend-plugin-api has no way to go to an address without a link.
// eslint-disable-next-line no-restricted-imports
import { useNavigate } from 'react-router-dom';
import {
  appThemeApiRef,
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import searchPlugin from '@backstage/plugin-search/alpha';
import { shellTranslationRef } from '../shell/translation';
import { useShell } from '../shell/ShellContext';
import { useStartTour } from '../tour';
import { type QuickOpenEntry } from './matchEntries';
import { QuickOpen } from './QuickOpen';
import { type ShortcutPage } from './ShellOverlays';
import { type CatalogHit, useCatalogEntries } from './useCatalogEntries';

const namedKinds = [
  'component',
  'api',
  'system',
  'domain',
  'resource',
  'group',
  'user',
] as const;

function isNamedKind(kind: string): kind is (typeof namedKinds)[number] {
  return namedKinds.some(named => named === kind);
}

/** The quick open field with the portal's pages, templates, catalog and acts. */
export function CatalogQuickOpen(props: {
  pages: ShortcutPage[];
  onClose(): void;
}) {
  const { t } = useTranslationRef(shellTranslationRef);
  const navigate = useNavigate();
  const themes = useApi(appThemeApiRef);
  const { open } = useShell();
  const startTour = useStartTour();
  const entityRoute = useRouteRef(catalogPlugin.routes.catalogEntity);
  const templateRoute = useRouteRef(scaffolderPlugin.routes.selectedTemplate);
  const searchRoute = useRouteRef(searchPlugin.routes.root);
  const [text, setText] = useState('');
  const { templates, hits, isLoading, error } = useCatalogEntries(text);

  const kindOf = ({ kind, type }: CatalogHit) =>
    [isNamedKind(kind) ? t(`quickOpen.kinds.${kind}`) : kind, type]
      .filter(Boolean)
      .join(' · ');
  const pages = props.pages.map(
    ({ id, title, href, keys }): QuickOpenEntry => ({
      id,
      section: 'pages',
      title,
      keys,
      run: () => navigate(href),
    }),
  );
  const create = templates.flatMap((template): QuickOpenEntry[] => {
    const href = templateRoute?.({
      namespace: template.namespace,
      templateName: template.name,
    });
    return href
      ? [
          {
            id: template.ref,
            section: 'create',
            title: template.title,
            detail: template.type,
            run: () => navigate(href),
          },
        ]
      : [];
  });
  const other =
    document.documentElement.getAttribute('data-theme-mode') === 'dark'
      ? 'light'
      : 'dark';
  const actions: QuickOpenEntry[] = [
    {
      id: 'theme',
      section: 'actions',
      title: t(`quickOpen.theme.${other}`),
      run: () => themes.setActiveThemeId(other),
    },
    {
      id: 'shortcuts',
      section: 'actions',
      title: t('shortcuts.title'),
      keys: '?',
      run: () => open('shortcuts'),
    },
    {
      id: 'tour',
      section: 'actions',
      title: t('tour.title'),
      run: () => void startTour(),
    },
  ];

  const onSearch = useCallback(
    (wanted: string) =>
      navigate(
        `${searchRoute?.() ?? '/search'}?query=${encodeURIComponent(wanted)}`,
      ),
    [navigate, searchRoute],
  );

  return (
    <QuickOpen
      entries={[...pages, ...create, ...actions]}
      hits={hits.flatMap((hit): QuickOpenEntry[] => {
        const href = entityRoute?.(hit);
        return href
          ? [
              {
                id: hit.ref,
                section: 'catalog',
                title: hit.title,
                detail: kindOf(hit),
                run: () => navigate(href),
              },
            ]
          : [];
      })}
      isLoading={isLoading}
      hasFailed={error !== undefined}
      text={text}
      onText={setText}
      onSearch={onSearch}
      onClose={props.onClose}
    />
  );
}
