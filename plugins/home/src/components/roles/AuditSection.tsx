import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { auditApiRef } from '@portico/plugin-audit';
import { type ChainList } from '@portico/plugin-audit-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { externalRoutes } from '../../routes';
import { homeTranslationRef } from '../../translation';
import styles from '../HomeSection.module.css';
import { formatMoment } from '../Moment';
import { LoadedSection } from './LoadedSection';

const SHOWN = 6;

/** For auditors: how much is recorded, and how much of it is signed. */
export function AuditSection(props: { onReady(): void }) {
  const { onReady } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const audit = useApi(auditApiRef);
  const entries = useRouteRef(externalRoutes.auditEntries);
  const evidence = useRouteRef(externalRoutes.auditEvidence);
  const request = useAsyncRetry(() => audit.chains(), [audit]);

  return (
    <LoadedSection
      title={t('audit.title')}
      failed={t('audit.failed')}
      request={request}
      onReady={onReady}
    >
      {value => (
        <>
          <ul className={styles.list}>
            {value.items.slice(0, SHOWN).map(chain => (
              <li key={chain.chain}>
                <strong>
                  {t('audit.chain', {
                    chain: chain.chain,
                    number: String(chain.size),
                  })}
                </strong>
                <span className={styles.quiet}>
                  <Coverage chain={chain} />
                </span>
              </li>
            ))}
          </ul>
          <div className={styles.links}>
            {evidence && <Link href={evidence()}>{t('audit.evidence')}</Link>}
            {entries && <Link href={entries()}>{t('audit.entries')}</Link>}
          </div>
        </>
      )}
    </LoadedSection>
  );
}

function Coverage({ chain }: { chain: ChainList['items'][number] }) {
  const { t } = useTranslationRef(homeTranslationRef);
  const { size, checkpoint } = chain;
  if (!checkpoint) {
    return <>{t('audit.noCheckpoint')}</>;
  }
  const when = formatMoment(checkpoint.createdAt);
  const open = size - checkpoint.size;
  return (
    <>
      {open > 0
        ? t('audit.uncovered', { number: String(open), when })
        : t('audit.covered', { when })}
    </>
  );
}
