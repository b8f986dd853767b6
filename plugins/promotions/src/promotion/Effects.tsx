import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Mark, Section, type Tone } from '@portico/page-states';
import {
  type Effect,
  type PromotionDetail,
} from '@portico/plugin-promotions-common';
import {
  RiCheckLine,
  RiCloseLine,
  RiHourglassLine,
  RiSendPlaneLine,
} from '@remixicon/react';
import { type ReactElement } from 'react';
import { ExternalLink } from '../components/ExternalLink';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { promotionsTranslationRef } from '../translation';

const looks: Record<Effect['state'], { tone: Tone; icon: ReactElement }> = {
  planned: { tone: 'plain', icon: <RiHourglassLine /> },
  sent: { tone: 'announcement', icon: <RiSendPlaneLine /> },
  confirmed: { tone: 'positive', icon: <RiCheckLine /> },
  failed: { tone: 'negative', icon: <RiCloseLine /> },
};

/** What a promotion did outside of the portal, with where to see it. */
export function Effects(props: { detail: PromotionDetail }) {
  const { effects } = props.detail;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <Section title={t('effects.title')}>
      {effects.length === 0 ? (
        <p className={styles.quiet}>{t('effects.none')}</p>
      ) : (
        <ul className={styles.list}>
          {effects.map(effect => (
            <li key={effect.key}>
              <div className={styles.row}>
                <Mark
                  {...looks[effect.state]}
                  text={t(`effectState.${effect.state}`)}
                />
                <strong>{t(`effectKind.${effect.kind}`)}</strong>
              </div>
              {effect.remote && (
                <p className={styles.text}>
                  <ExternalLink href={effect.remote.url}>
                    {effect.remote.id}
                  </ExternalLink>
                  {effect.remote.adopted && `, ${t('effects.adopted')}`}
                </p>
              )}
              {effect.reason && <p className={styles.text}>{effect.reason}</p>}
              <p className={styles.small}>
                <Moment at={effect.confirmedAt ?? effect.plannedAt} />
                {effect.attempts > 1 &&
                  `, ${t('effects.attempts', { count: effect.attempts })}`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
