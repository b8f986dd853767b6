import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  type AuditEntryView,
  type ChainList,
} from '@portico/plugin-audit-common';
import { formatAge, formatMoment } from '../../content/moments';
import { readDatum } from '../../content/personalData';
import { useAuditLinks } from '../../hooks/useAuditLinks';
import { useNow } from '../../hooks/useNow';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';
import { OutcomeMark, SeverityMark } from '../Mark';
import { AnchorNote } from './AnchorNote';
import { ChangeTable } from './ChangeTable';
import styles from './EntryDetail.module.css';
import { RawEntry } from './RawEntry';

/** Everything that an entry says, and what vouches for it. */
export function EntryDetail(props: {
  view: AuditEntryView;
  chainList: ChainList | undefined;
}) {
  const { view, chainList } = props;
  const { entry } = view;
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  const links = useAuditLinks();
  const now = useNow();

  const actorRef =
    entry.actor.ref !== undefined
      ? readDatum(entry.actor.ref, view)
      : undefined;
  const subjectRef = readDatum(entry.subject.ref, view);
  const details = Object.entries(entry.details ?? {});

  return (
    <div className={styles.root}>
      <div className={styles.summary}>
        <code className={styles.act}>{entry.act}</code>
        <OutcomeMark outcome={entry.outcome} />
        <SeverityMark severity={entry.severity} />
      </div>

      <dl className={styles.facts}>
        <Fact name={t('detail.who')}>
          {wording.actor(view)}{' '}
          <span className={styles.quiet}>
            {t(`actorKind.${entry.actor.kind}`)}
          </span>
          {actorRef?.state === 'known' && (
            <Follow href={links.entries({ actor: actorRef.value })}>
              {t('detail.allOfActor')}
            </Follow>
          )}
        </Fact>
        {entry.onBehalfOf !== undefined && (
          <Fact name={t('detail.onBehalfOf')}>
            {wording.ref(entry.onBehalfOf, view)}
          </Fact>
        )}
        <Fact name={t('detail.subject')}>
          {wording.ref(entry.subject.ref, view)}{' '}
          <span className={styles.quiet}>{entry.subject.kind}</span>
          {subjectRef.state === 'known' && (
            <Follow href={links.entries({ subject: subjectRef.value })}>
              {t('detail.allOfSubject')}
            </Follow>
          )}
        </Fact>
        {entry.reason !== undefined && (
          <Fact name={t('detail.reason')}>
            <q className={styles.reason}>{wording.text(entry.reason, view)}</q>
          </Fact>
        )}
        <Fact name={t('detail.when')}>
          <time dateTime={entry.occurredAt}>
            {formatMoment(entry.occurredAt)}
          </time>{' '}
          <span className={styles.quiet}>
            {formatAge(entry.occurredAt, now)}
          </span>
          <span className={styles.below}>{entry.occurredAt}</span>
        </Fact>
        {entry.sourceAddress !== undefined && (
          <Fact name={t('detail.from')}>
            {wording.text(entry.sourceAddress, view)}
          </Fact>
        )}
        <Fact name={t('detail.chain')}>{wording.chain(entry.chain)}</Fact>
        {entry.requestId !== undefined && (
          <Fact name={t('detail.request')}>
            <code>{entry.requestId}</code>
            <Follow href={links.entries({ requestId: entry.requestId })}>
              {t('detail.allOfRequest')}
            </Follow>
          </Fact>
        )}
        {entry.correlation !== undefined && (
          <Fact name={t('detail.correlation')}>
            <code>{entry.correlation}</code>
            <Follow href={links.entries({ correlation: entry.correlation })}>
              {entry.outcome === 'started'
                ? t('detail.itsEnd')
                : t('detail.itsBeginning')}
            </Follow>
          </Fact>
        )}
        {details.map(([name, value]) => (
          <Fact key={name} name={name}>
            {wording.json(value, view)}
          </Fact>
        ))}
      </dl>

      {entry.change && <ChangeTable change={entry.change} view={view} />}

      <section className={styles.part}>
        <h3 className={styles.heading}>{t('detail.evidence')}</h3>
        <AnchorNote
          place={entry}
          chain={chainList?.items.find(item => item.chain === entry.chain)}
          isLoading={chainList === undefined}
        />
        <dl className={styles.facts}>
          <Fact name={t('detail.hash')}>
            <code>{view.hash}</code>
          </Fact>
          <Fact name={t('detail.previousHash')}>
            <code>{entry.previous}</code>
          </Fact>
          {entry.payloadDigest !== undefined && (
            <Fact name={t('detail.payloadDigest')}>
              <code>{entry.payloadDigest}</code>
            </Fact>
          )}
          <Fact name={t('detail.id')}>
            <code>{entry.id}</code>
          </Fact>
        </dl>
        <RawEntry view={view} />
      </section>
    </div>
  );
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className={styles.name}>{props.name}</dt>
      <dd className={styles.value}>{props.children}</dd>
    </>
  );
}

function Follow(props: { href: string; children: string }) {
  return (
    <span className={styles.follow}>
      <Link href={props.href}>{props.children}</Link>
    </span>
  );
}
