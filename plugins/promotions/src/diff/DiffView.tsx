import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import { type DeploymentDiff } from '@portico/plugin-promotions-common';
import { EntityName } from '../components/EntityName';
import { ExternalLink } from '../components/ExternalLink';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { shortDigest } from '../content/shortDigest';
import { promotionsTranslationRef } from '../translation';
import { RiskList } from './DiffSummary';
import viewStyles from './DiffView.module.css';
import { TextDiffBlock } from './TextDiffBlock';

/** Everything that would change, the risks first. */
export function DiffView(props: { diff: DeploymentDiff }) {
  const { diff } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <div className={viewStyles.root}>
      <Part title={t('diff.risks')}>
        <RiskList risks={diff.risks} />
        {diff.cost && (
          <p className={styles.text}>
            {t('diff.cost')}:{' '}
            {t('diff.costText', {
              before: diff.cost.before.toFixed(2),
              after: diff.cost.after.toFixed(2),
              currency: diff.cost.currency,
              source: diff.cost.source,
            })}
          </p>
        )}
      </Part>
      <Part title={t('diff.images')}>
        <Images images={diff.images} />
      </Part>
      <Part
        title={t(
          diff.commits.reversed ? 'diff.commitsReversed' : 'diff.commits',
        )}
      >
        <Commits commits={diff.commits} />
      </Part>
      <Part title={t('diff.manifests')}>
        <Manifests manifests={diff.manifests} />
      </Part>
    </div>
  );
}

function Part(props: { title: string; children: ReactNode }) {
  return (
    <div className={viewStyles.part}>
      <h3 className={styles.subtitle}>{props.title}</h3>
      {props.children}
    </div>
  );
}

function Images(props: { images: DeploymentDiff['images'] }) {
  const { images } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (images.length === 0) {
    return <p className={styles.quiet}>{t('diff.noImages')}</p>;
  }
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption>
          <VisuallyHidden>{t('diff.images')}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('diff.image')}</th>
            <th scope="col">{t('diff.before')}</th>
            <th scope="col">{t('diff.after')}</th>
          </tr>
        </thead>
        <tbody>
          {images.map(image => (
            <tr key={image.name}>
              <td>{image.name}</td>
              <td>
                <Version version={image.versionBefore} digest={image.before} />
              </td>
              <td>
                <Version version={image.versionAfter} digest={image.after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Version(props: { version?: string; digest?: string }) {
  const { version, digest } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (digest === undefined) {
    return <span className={styles.quiet}>{t('diff.absent')}</span>;
  }
  return (
    <>
      {version && <strong>{version} </strong>}
      <code title={digest}>{shortDigest(digest)}</code>
    </>
  );
}

function Commits(props: { commits: DeploymentDiff['commits'] }) {
  const { items, note } = props.commits;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <>
      {note && <p className={styles.quiet}>{note}</p>}
      {items.length === 0 && !note && (
        <p className={styles.quiet}>{t('diff.noCommits')}</p>
      )}
      {items.length > 0 && (
        <ul className={styles.list}>
          {items.map(commit => (
            <li key={commit.id} className={styles.row}>
              <strong>{commit.subject}</strong>
              <span className={styles.small}>
                <code title={commit.id}>{commit.id.slice(0, 7)}</code>{' '}
                {commit.authorRef ? (
                  <EntityName entityRef={commit.authorRef} />
                ) : (
                  commit.authorName
                )}
                , <Moment at={commit.committedAt} />
              </span>
              {commit.tickets.map(ticket => (
                <span key={ticket} className={viewStyles.ticket}>
                  {ticket}
                </span>
              ))}
              {commit.pullRequest && (
                <ExternalLink href={commit.pullRequest.url}>
                  {t('diff.pullRequest', { id: commit.pullRequest.id })}
                </ExternalLink>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Manifests(props: { manifests: DeploymentDiff['manifests'] }) {
  const { rendered, note, items } = props.manifests;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <>
      <p className={styles.quiet}>
        {rendered === 'files'
          ? t('diff.files')
          : t('diff.renderedBy', { tool: rendered })}{' '}
        {note}
      </p>
      {items.length === 0 && (
        <p className={styles.quiet}>{t('diff.noManifests')}</p>
      )}
      {items.map(item => (
        <TextDiffBlock key={item.name} diff={item} />
      ))}
    </>
  );
}
