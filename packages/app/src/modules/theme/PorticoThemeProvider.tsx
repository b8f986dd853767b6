import {
  type ReactNode,
  useCallback,
  useLayoutEffect,
  useSyncExternalStore,
} from 'react';
import {
  type AppThemeApi,
  appThemeApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { UnifiedThemeProvider } from '@backstage/theme';
import { darkPorticoTheme, lightPorticoTheme } from './createPorticoTheme';

const PREFERS_DARK = '(prefers-color-scheme: dark)';

/**
 * Gives the tokens to @backstage/ui and the same colours to Material UI.
 *
 * Both themes have this one provider, which looks up itself which of them is meant:
 * with a provider each, React would build the whole page anew on a change, and what
 * somebody has typed into a form would be lost.
 */
export function PorticoThemeProvider(props: { children: ReactNode }) {
  const mode = useThemeMode(useApi(appThemeApiRef));

  useLayoutEffect(() => {
    // theme-boot.js set these before the first paint; a choice in the settings
    // changes them, or the ground behind the page would keep the old colour.
    const root = document.documentElement;
    root.setAttribute('data-theme-name', 'portico');
    root.setAttribute('data-theme-mode', mode);
  }, [mode]);

  return (
    <UnifiedThemeProvider
      theme={mode === 'dark' ? darkPorticoTheme : lightPorticoTheme}
      themeName="portico"
    >
      {props.children}
    </UnifiedThemeProvider>
  );
}

/** The chosen theme, or the system's where none is chosen. */
function useThemeMode(themes: AppThemeApi): 'light' | 'dark' {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const system = window.matchMedia(PREFERS_DARK);
      const subscription = themes.activeThemeId$().subscribe(onChange);
      system.addEventListener('change', onChange);
      return () => {
        subscription.unsubscribe();
        system.removeEventListener('change', onChange);
      };
    },
    [themes],
  );
  return useSyncExternalStore(subscribe, () => {
    const chosen = themes.getActiveThemeId();
    if (chosen === 'light' || chosen === 'dark') {
      return chosen;
    }
    return window.matchMedia(PREFERS_DARK).matches ? 'dark' : 'light';
  });
}
