import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, VisuallyHidden } from '@backstage/ui';
import { promotionsTranslationRef } from '../translation';

/**
 * A link to another system, in a tab of its own. Addresses come from there, so only those
 * of the web are followed; of others the text is shown.
 */
export function ExternalLink(props: {
  href: string | undefined;
  children: ReactNode;
}) {
  const { href, children } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (href !== undefined && /^\/(?![/\\])/.test(href)) {
    return <Link href={href}>{children}</Link>;
  }
  return href !== undefined && /^https?:\/\//i.test(href) ? (
    <Link href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <VisuallyHidden> ({t('common.opensNew')})</VisuallyHidden>
    </Link>
  ) : (
    <span>{children}</span>
  );
}
