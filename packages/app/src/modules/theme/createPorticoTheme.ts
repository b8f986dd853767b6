import { createUnifiedTheme, genPageTheme, palettes } from '@backstage/theme';

/** Material UI computes with its colours, so it gets values and not variables. */
interface Colours {
  ground: string;
  surface: string;
  text: string;
  subtle: string;
  /** Separates. */
  border: string;
  /** Bounds what can be operated. */
  edge: string;
  accent: string;
  accentText: string;
  link: string;
  linkHover: string;
  error: string;
  warning: string;
  ok: string;
}

const light: Colours = {
  ground: '#f7f8fa',
  surface: '#ffffff',
  text: '#15202b',
  subtle: '#4c5967',
  border: '#e1e6eb',
  edge: '#7f8a96',
  accent: '#1b5e86',
  accentText: '#ffffff',
  link: '#17597f',
  linkHover: '#0f4361',
  error: '#b3261e',
  warning: '#8a4b00',
  ok: '#17693a',
};

const dark: Colours = {
  ground: '#0f151b',
  surface: '#161e26',
  text: '#e7edf3',
  subtle: '#a9b6c3',
  border: '#27323d',
  edge: '#778899',
  accent: '#8cc8f0',
  accentText: '#08202f',
  link: '#8cc8f0',
  linkHover: '#aed9f6',
  error: '#ff9d96',
  warning: '#f2b95c',
  ok: '#6fd397',
};

const fontFamily =
  "'Inter Variable', 'Inter', 'Inter Fallback', system-ui, sans-serif";

function createPorticoTheme(mode: 'light' | 'dark', colours: Colours) {
  const palette = palettes[mode];
  const page = genPageTheme({
    colors: [colours.ground, colours.ground],
    shape: 'none',
    options: { fontColor: colours.text },
  });
  return createUnifiedTheme({
    fontFamily,
    typography: {
      htmlFontSize: 16,
      fontFamily,
      h1: { fontSize: 24, fontWeight: 600, marginBottom: 8 },
      h2: { fontSize: 20, fontWeight: 600, marginBottom: 8 },
      h3: { fontSize: 17, fontWeight: 600, marginBottom: 6 },
      h4: { fontSize: 15, fontWeight: 600, marginBottom: 6 },
      h5: { fontSize: 15, fontWeight: 600, marginBottom: 4 },
      h6: { fontSize: 14, fontWeight: 600, marginBottom: 4 },
    },
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
      MuiCircularProgress: {
        // Stock pages show it without a name.
        defaultProps: { 'aria-label': 'Loading' } as object,
      },
      MuiLinearProgress: {
        defaultProps: { 'aria-label': 'Loading' } as object,
      },
      ...materialComponents(colours),
      // Names of core-components' own parts are not among Material UI's.
      ...stockComponents(colours),
    },
  });
}

/** Material UI as dense and as flat as the rest. */
function materialComponents(colours: Colours) {
  const edge = `1px solid ${colours.border}`;
  return {
    MuiListItemIcon: { styleOverrides: { root: { minWidth: 32 } } },
    MuiPaper: {
      defaultProps: { elevation: 0 },
      styleOverrides: {
        root: { backgroundImage: 'none' },
        rounded: { borderRadius: 8 },
        elevation0: { border: edge },
        elevation1: { border: edge, boxShadow: 'none' },
        elevation2: { border: edge, boxShadow: 'none' },
      },
    },
    MuiButton: {
      styleOverrides: {
        root: { textTransform: 'none' as const, fontWeight: 550 },
        contained: { boxShadow: 'none' },
        outlined: { borderColor: colours.edge },
      },
    },
    MuiToggleButton: {
      styleOverrides: {
        root: { textTransform: 'none' as const, borderColor: colours.edge },
      },
    },
    MuiTab: { styleOverrides: { root: { textTransform: 'none' as const } } },
    MuiTableCell: {
      styleOverrides: {
        root: { padding: '8px 12px', fontSize: 14, lineHeight: 1.4 },
        body: { borderBottom: edge },
      },
    },
    MuiCardHeader: {
      styleOverrides: {
        root: { padding: '12px 16px' },
        title: { fontSize: 15, fontWeight: 600 },
      },
    },
    MuiCardContent: {
      // A card scrolls: it must be reachable by keyboard.
      defaultProps: { tabIndex: 0 } as object,
      styleOverrides: { root: { padding: '12px 16px' } },
    },
    MuiOutlinedInput: {
      styleOverrides: {
        notchedOutline: { borderColor: colours.edge },
        input: { padding: '9px 12px', fontSize: 14 },
      },
    },
    MuiInputBase: { styleOverrides: { root: { fontSize: 14 } } },
    MuiChip: {
      styleOverrides: { root: { height: 24, fontSize: 12, margin: 2 } },
    },
  };
}

function stockComponents(colours: Colours): object {
  return {
    BackstageTable: {
      styleOverrides: { root: { overflow: 'hidden' } },
    },
    BackstageTableHeader: {
      styleOverrides: {
        header: {
          padding: '8px 12px',
          borderTop: `1px solid ${colours.border}`,
          borderBottom: `1px solid ${colours.border}`,
          color: colours.subtle,
          fontSize: 12,
          fontWeight: 550,
          textTransform: 'none',
        },
      },
    },
    BackstageTableToolbar: {
      styleOverrides: {
        root: { minHeight: 48, padding: '8px 12px 8px 12px' },
        title: { '& > h6': { fontSize: 15 } },
      },
    },
    CatalogReactUserListPicker: {
      styleOverrides: {
        root: { backgroundColor: 'transparent', border: 0 },
        title: {
          margin: '8px 0 4px',
          color: colours.subtle,
          fontSize: 12,
          fontWeight: 550,
          textTransform: 'none',
        },
        groupWrapper: { margin: 0 },
        menuItem: { minHeight: 32 },
      },
    },
  };
}

/** Portico's theme on a light ground. */
export const lightPorticoTheme = createPorticoTheme('light', light);

/** Portico's theme on a dark ground. */
export const darkPorticoTheme = createPorticoTheme('dark', dark);
