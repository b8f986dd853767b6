import { lazy, Suspense, useMemo } from 'react';
// frontend-plugin-api has no way to go to an address without a link.
// eslint-disable-next-line no-restricted-imports
import { useNavigate } from 'react-router-dom';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { shellTranslationRef } from '../shell/translation';
import { useShell } from '../shell/ShellContext';
import { useShortcuts } from './useShortcuts';

const CatalogQuickOpen = lazy(() =>
  import('./CatalogQuickOpen').then(m => ({ default: m.CatalogQuickOpen })),
);
const ShortcutList = lazy(() =>
  import('./ShortcutList').then(m => ({ default: m.ShortcutList })),
);

/** A page that the navigation shows, and the keys that lead to it. */
export interface ShortcutPage {
  id: string;
  title: string;
  href: string;
  keys?: string;
}

/** What keys do anywhere in the portal, and the overlays that they open. */
export function ShellOverlays(props: { pages: ShortcutPage[] }) {
  const { pages } = props;
  const { t } = useTranslationRef(shellTranslationRef);
  const navigate = useNavigate();
  const createRoute = useRouteRef(scaffolderPlugin.routes.root);
  const { overlay, open, close } = useShell();

  const shortcuts = useMemo(
    () => [
      {
        keys: '/',
        title: t('shortcuts.quickOpen'),
        run: () => open('quickOpen'),
      },
      ...(createRoute
        ? [
            {
              keys: 'c',
              title: t('shortcuts.create'),
              run: () => navigate(createRoute()),
            },
          ]
        : []),
      { keys: '?', title: t('shortcuts.title'), run: () => open('shortcuts') },
      ...pages.flatMap(({ keys, title, href }) =>
        keys
          ? [
              {
                keys,
                title: t('shortcuts.goTo', { page: title }),
                run: () => navigate(href),
              },
            ]
          : [],
      ),
    ],
    [t, navigate, createRoute, open, pages],
  );
  useShortcuts(shortcuts, () => open('quickOpen'));

  return (
    <Suspense>
      {overlay === 'quickOpen' && (
        <CatalogQuickOpen pages={pages} onClose={close} />
      )}
      {overlay === 'shortcuts' && (
        <ShortcutList
          shortcuts={[
            { keys: 'Ctrl K', title: t('shortcuts.quickOpen') },
            ...shortcuts,
          ]}
          onClose={close}
        />
      )}
    </Suspense>
  );
}
