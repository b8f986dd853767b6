import { type ReactNode, useLayoutEffect } from 'react';
import { UnifiedThemeProvider } from '@backstage/theme';
import { darkPorticoTheme, lightPorticoTheme } from './createPorticoTheme';

/** Gives the tokens to @backstage/ui and the same colours to Material UI. */
export function PorticoThemeProvider(props: {
  mode: 'light' | 'dark';
  children: ReactNode;
}) {
  const { mode, children } = props;

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
      {children}
    </UnifiedThemeProvider>
  );
}
