import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Text } from '@backstage/ui';
import { type MarkedText, type SearchResult } from './askPortal';
import styles from './SearchPage.module.css';
import { searchPageTranslationRef } from './translation';

/** One result: where it leads, what it is, and the place that fits the question. */
export function ResultItem(props: { result: SearchResult }) {
  const { result } = props;
  const { t } = useTranslationRef(searchPageTranslationRef);
  const facts = [
    result.isDocument ? t('document') : result.kind,
    result.isDocument ? undefined : result.type,
    result.owner && t('owner', { owner: nameOf(result.owner) }),
    result.isOfPlatform && t('platform'),
  ].filter(Boolean);
  return (
    <li>
      <Link href={result.location} standalone className={styles.title}>
        <Marked text={result.title} />
      </Link>
      <Text color="secondary">{facts.join(' · ')}</Text>
      {result.excerpt.length > 0 && (
        <p className={styles.excerpt}>
          <Marked text={result.excerpt} />
        </p>
      )}
    </li>
  );
}

function Marked(props: { text: MarkedText }) {
  return (
    <>
      {props.text.map(({ text, isMatch }, index) =>
        isMatch ? (
          <mark key={index} className={styles.match}>
            {text}
          </mark>
        ) : (
          text
        ),
      )}
    </>
  );
}

function nameOf(ref: string): string {
  try {
    return parseEntityRef(ref, { defaultKind: 'group', defaultNamespace: '-' })
      .name;
  } catch {
    return ref;
  }
}
