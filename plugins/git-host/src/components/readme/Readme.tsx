import { useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { ReadmeHeading } from './ReadmeHeading';
import { ReadmeImage } from './ReadmeImage';
import { ReadmeLink } from './ReadmeLink';
import { type ReadmePlace, ReadmePlaceContext } from './ReadmePlace';
import styles from './Readme.module.css';

const components: Components = {
  a: ({ href, children }) => <ReadmeLink href={href}>{children}</ReadmeLink>,
  img: ({ src, alt }) => <ReadmeImage src={src} alt={alt} />,
  h1: ReadmeHeading,
  h2: ReadmeHeading,
  h3: ReadmeHeading,
  h4: ReadmeHeading,
  h5: ReadmeHeading,
  h6: ReadmeHeading,
};

/**
 * A Markdown document of a repository.
 *
 * Its author is not trusted: HTML in it is left out, links lead to web pages or into
 * the repository, images come from the repository alone.
 */
export function Readme(props: ReadmePlace & { content: string }) {
  const { name, gitRef, path, hrefOf, content } = props;
  const place = useMemo(
    () => ({ name, gitRef, path, hrefOf }),
    [name, gitRef, path, hrefOf],
  );
  return (
    <ReadmePlaceContext.Provider value={place}>
      <div className={styles.readme}>
        <ReactMarkdown
          remarkPlugins={[remarkGfm]}
          components={components}
          skipHtml
        >
          {content}
        </ReactMarkdown>
      </div>
    </ReadmePlaceContext.Provider>
  );
}
