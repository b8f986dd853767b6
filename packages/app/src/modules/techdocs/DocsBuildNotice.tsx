import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Text } from '@backstage/ui';
import { type DocsBuild } from '@portico/docs-builder-common';
import styles from './DocsBuildNotice.module.css';
import { docsTranslationRef } from './translation';

/** Says how the build goes, where there is something to say. */
export function DocsBuildNotice(props: {
  build: DocsBuild | undefined;
  /** Pages of this or an older commit are shown. */
  hasPages?: boolean;
}) {
  const { build, hasPages = false } = props;
  const { t } = useTranslationRef(docsTranslationRef);
  if (!build) {
    return null;
  }
  switch (build.state) {
    case 'waiting':
    case 'building':
      return (
        <div role="status">
          <Alert
            status="info"
            isPending
            title={t(`build.${build.state}`)}
            description={t(hasPages ? 'build.olderPages' : 'build.repository')}
          />
        </div>
      );
    case 'failed':
      return (
        <Alert
          status="danger"
          icon
          title={t('build.failed', { commit: build.commit.slice(0, 8) })}
          description={
            <>
              <Text as="p">{build.reason}</Text>
              <Text as="p">
                {t(hasPages ? 'build.olderPages' : 'build.repository')}
              </Text>
              <Log text={build.log} />
            </>
          }
        />
      );
    case 'unavailable':
      return (
        <Alert
          status="info"
          icon
          title={t('build.unavailable')}
          description={build.reason}
        />
      );
    case 'succeeded':
      return build.notes && build.notes.length > 0 ? (
        <details className={styles.notes}>
          <summary>{t('build.notes')}</summary>
          <ul>
            {[...new Set(build.notes)].map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      ) : null;
    default:
      return build.state satisfies never;
  }
}

function Log(props: { text: string | undefined }) {
  const { t } = useTranslationRef(docsTranslationRef);
  return props.text ? (
    <details>
      <summary>{t('build.log')}</summary>
      {/* It scrolls, so the keyboard has to reach it. */}
      <pre
        className={styles.log}
        role="region"
        aria-label={t('build.log')}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {props.text}
      </pre>
    </details>
  ) : null;
}
