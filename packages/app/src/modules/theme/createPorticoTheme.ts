import { createUnifiedTheme, genPageTheme, palettes } from '@backstage/theme';

/** Material UI computes with its colours, so it gets values and not variables. */
interface Colours {
  ground: string;
  surface: string;
  text: string;
  subtle: string;
  border: string;
  accent: string;
  accentText: string;
  link: string;
  linkHover: string;
  error: string;
  warning: string;
  ok: string;
}

const light: Colours = {
  ground: '#f5f7f9',
  surface: '#ffffff',
  text: '#15202b',
  subtle: '#4c5967',
  border: '#dde3e9',
  accent: '#1b5e86',
  accentText: '#ffffff',
  link: '#17597f',
  linkHover: '#0f4361',
  error: '#b3261e',
  warning: '#8a4b00',
  ok: '#17693a',
};

const dark: Colours = {
  ground: '#0f161d',
  surface: '#17202a',
  text: '#e7edf3',
  subtle: '#a9b6c3',
  border: '#2b3845',
  accent: '#8cc8f0',
  accentText: '#08202f',
  link: '#8cc8f0',
  linkHover: '#aed9f6',
  error: '#ff9d96',
  warning: '#f2b95c',
  ok: '#6fd397',
};

const fontFamily =
  "'Inter', system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

function createPorticoTheme(mode: 'light' | 'dark', colours: Colours) {
  const palette = palettes[mode];
  const page = genPageTheme({
    colors: [colours.ground, colours.ground],
    shape: 'none',
    options: { fontColor: colours.text },
  });
  return createUnifiedTheme({
    fontFamily,
    palette: {
      ...palette,
      background: { default: colours.ground, paper: colours.surface },
      text: { primary: colours.text, secondary: colours.subtle },
      primary: { main: colours.accent, contrastText: colours.accentText },
      secondary: { main: colours.accent, contrastText: colours.accentText },
      error: { main: colours.error },
      warning: { main: colours.warning },
      success: { main: colours.ok },
      border: colours.border,
      divider: colours.border,
      textContrast: colours.text,
      textSubtle: colours.subtle,
      textVerySubtle: colours.subtle,
      link: colours.link,
      linkHover: colours.linkHover,
      errorText: colours.error,
      warningText: colours.warning,
      status: {
        ...palette.status,
        ok: colours.ok,
        warning: colours.warning,
        error: colours.error,
      },
      tabbar: { indicator: colours.accent },
    },
    defaultPageTheme: 'home',
    pageTheme: Object.fromEntries(
      [
        'home',
        'documentation',
        'tool',
        'service',
        'website',
        'library',
        'other',
        'app',
        'apis',
        'card',
      ].map(name => [name, page]),
    ),
    components: {
      MuiTableSortLabel: {
        // The stock table puts the label, a button, around a drag handle, a second one.
        defaultProps: { role: 'group' } as object,
      },
      MuiCardContent: {
        // A card scrolls: it must be reachable by keyboard.
        defaultProps: { tabIndex: 0 } as object,
      },
      MuiCircularProgress: {
        // Stock pages show it without a name.
        defaultProps: { 'aria-label': 'Loading' } as object,
      },
      MuiLinearProgress: {
        defaultProps: { 'aria-label': 'Loading' } as object,
      },
      MuiListItemIcon: {
        styleOverrides: { root: { minWidth: 36 } },
      },
      MuiPaper: {
        styleOverrides: {
          root: { backgroundImage: 'none' },
        },
      },
      MuiButton: {
        styleOverrides: { root: { textTransform: 'none' } },
      },
      MuiTab: {
        styleOverrides: { root: { textTransform: 'none' } },
      },
      // Names of core-components' own parts are not among Material UI's.
      ...stockComponents(colours),
    },
  });
}

function stockComponents(colours: Colours): object {
  return {
    BackstageTableHeader: {
      styleOverrides: {
        header: {
          borderTop: `1px solid ${colours.border}`,
          borderBottom: `1px solid ${colours.border}`,
          color: colours.subtle,
        },
      },
    },
  };
}

/** Portico's theme on a light ground. */
export const lightPorticoTheme = createPorticoTheme('light', light);

/** Portico's theme on a dark ground. */
export const darkPorticoTheme = createPorticoTheme('dark', dark);
