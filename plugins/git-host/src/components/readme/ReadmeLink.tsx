import { type ReactNode } from 'react';
import { Link } from '@backstage/ui';
import { resolveReadmeTarget } from '../../content/resolveReadmeTarget';
import { useRepositoryLinks } from '../../hooks/useRepositoryLinks';
import { headingId } from './headingId';
import { useReadmePlace } from './ReadmePlace';

/** A link of a document, where it leads somewhere that may be followed. */
export function ReadmeLink(props: { href?: string; children: ReactNode }) {
  const { href = '', children } = props;
  const { name, gitRef, path, hrefOf } = useReadmePlace();
  const links = useRepositoryLinks();
  const target = resolveReadmeTarget(href, path);
  switch (target.kind) {
    case 'repository':
      return (
        <Link
          href={
            hrefOf?.(target.path) ??
            links.of(name, { ref: gitRef, path: target.path })
          }
          variant="body-medium"
        >
          {children}
        </Link>
      );
    case 'heading':
      return <a href={`#${headingId(target.id)}`}>{children}</a>;
    case 'external':
      return (
        <a href={target.url} target="_blank" rel="noopener noreferrer">
          {children}
        </a>
      );
    case 'refused':
      return <span>{children}</span>;
    default: {
      const unknown: never = target;
      throw new Error(`Unknown target ${JSON.stringify(unknown)}`);
    }
  }
}
