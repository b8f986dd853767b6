import { useEffect } from 'react';
import { useShadowRoot } from '@backstage/plugin-techdocs-react';

/** Underlines the links in a text, which stock tells apart by colour alone. */
export function ReadableLinks() {
  const root = useShadowRoot();
  useEffect(() => {
    if (!root) {
      return;
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '.md-content .md-typeset :is(p, li, td, dd) a { text-decoration: underline; }',
    );
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }, [root]);
  return null;
}
