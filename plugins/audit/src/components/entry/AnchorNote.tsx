import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import { Mark } from '@portico/page-states';
import { RiHourglassLine, RiShieldCheckLine } from '@remixicon/react';
import { type ChainState } from '@portico/plugin-audit-common';
import { type EntryPlace } from '../../api/AuditApi';
import { anchorOf } from '../../content/anchorOf';
import { formatMoment } from '../../content/moments';
import { useAuditLinks } from '../../hooks/useAuditLinks';
import { auditTranslationRef } from '../../translation';
import styles from './AnchorNote.module.css';

/** Which checkpoint covers an entry, and where it is kept outside of the portal. */
export function AnchorNote(props: {
  place: EntryPlace;
  chain: ChainState | undefined;
  isLoading: boolean;
}) {
  const { place, chain, isLoading } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const links = useAuditLinks();
  if (isLoading) {
    return <Skeleton width="70%" height={20} />;
  }
  const anchor = anchorOf(place, chain);
  if (!anchor) {
    return (
      <div className={styles.root}>
        <Mark
          tone="warning"
          icon={<RiHourglassLine />}
          text={t('anchor.notYet')}
        />
        <p className={styles.text}>{t('anchor.notYetText')}</p>
      </div>
    );
  }
  return (
    <div className={styles.root}>
      <Mark
        tone="positive"
        icon={<RiShieldCheckLine />}
        text={t('anchor.covered', { size: anchor.size.toLocaleString() })}
      />
      <ul className={styles.list}>
        <li>{t('anchor.signed', { moment: formatMoment(anchor.signedAt) })}</li>
        {anchor.places.map(({ destination, type, deliveredAt }) => (
          <li key={destination}>
            {deliveredAt === undefined
              ? t('anchor.delivered', { type, destination })
              : t('anchor.deliveredAt', {
                  type,
                  destination,
                  moment: formatMoment(deliveredAt),
                })}
          </li>
        ))}
        {anchor.places.length === 0 && <li>{t('anchor.notDelivered')}</li>}
      </ul>
      <Link href={links.evidence(place.chain)}>{t('anchor.evidence')}</Link>
    </div>
  );
}
