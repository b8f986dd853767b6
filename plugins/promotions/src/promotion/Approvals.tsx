import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, VisuallyHidden } from '@backstage/ui';
import { Section } from '@portico/page-states';
import { type PromotionDetail } from '@portico/plugin-promotions-common';
import { EntityName, EntityNames } from '../components/EntityName';
import { VoteMark } from '../components/marks';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { shortDigest } from '../content/shortDigest';
import { promotionsTranslationRef } from '../translation';

/** Who approved, who still can, who cannot, and how each vote counts now. */
export function Approvals(props: { detail: PromotionDetail }) {
  const { approvals, votes, excluded, subjectChanges } = props.detail;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (approvals.length === 0 && votes.length === 0) {
    return null;
  }
  return (
    <Section title={t('approvals.title')}>
      {subjectChanges.length > 0 && (
        <Alert
          role="status"
          status="warning"
          icon
          title={t('approvals.changed')}
          description={
            <>
              {t('approvals.changedText')}
              <ul>
                {subjectChanges.map((change, index) => (
                  <li key={index}>{change}</li>
                ))}
              </ul>
            </>
          }
        />
      )}
      <ul className={styles.list}>
        {approvals.flatMap(({ gate, rules }) =>
          rules.map(rule => <Rule key={`${gate} ${rule.name}`} rule={rule} />),
        )}
      </ul>
      {excluded.length > 0 && (
        <div>
          <h3 className={styles.subtitle}>{t('approvals.excluded')}</h3>
          <ul className={styles.list}>
            {excluded.map(({ ref, why }) => (
              <li key={`${ref} ${why}`}>
                <EntityName entityRef={ref} /> {t(`why.${why}`)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Votes votes={votes} />
    </Section>
  );
}

function Rule(props: {
  rule: PromotionDetail['approvals'][number]['rules'][number];
}) {
  const { rule } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <li>
      <div className={styles.row}>
        <h3 className={styles.subtitle}>
          {t('approvals.rule', {
            name: rule.name,
            given: String(rule.approvedBy.length),
            required: String(rule.required),
          })}
        </h3>
        <span className={styles.small}>
          {t('approvals.from')} <EntityNames refs={rule.from} />
        </span>
      </div>
      {rule.approvedBy.length > 0 && (
        <p className={styles.text}>
          {t('approvals.approvedBy')}: <EntityNames refs={rule.approvedBy} />
        </p>
      )}
      {rule.missing > 0 &&
        (rule.mayApprove.length > 0 ? (
          <p className={styles.text}>
            {t('approvals.mayApprove')}: <EntityNames refs={rule.mayApprove} />
          </p>
        ) : (
          <p className={styles.bad}>{t('approvals.nobody')}</p>
        ))}
    </li>
  );
}

function Votes(props: { votes: PromotionDetail['votes'] }) {
  const { votes } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (votes.length === 0) {
    return <p className={styles.quiet}>{t('approvals.noVotes')}</p>;
  }
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption>
          <VisuallyHidden>{t('approvals.votes')}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('approvals.voter')}</th>
            <th scope="col">{t('approvals.decision')}</th>
            <th scope="col">{t('approvals.counting')}</th>
            <th scope="col">{t('approvals.at')}</th>
          </tr>
        </thead>
        <tbody>
          {votes.map((vote, index) => (
            <tr key={index}>
              <td>
                <EntityName entityRef={vote.voter} />
                {vote.representing && (
                  <p className={styles.small}>
                    {t('approvals.representing', { rule: vote.representing })}
                  </p>
                )}
              </td>
              <td>
                {t(`decision.${vote.decision}`)}
                {vote.comment && <p className={styles.small}>{vote.comment}</p>}
              </td>
              <td>
                <VoteMark standing={vote.standing} />
                <p className={styles.small}>
                  {t(`standingText.${vote.standing}`)}
                </p>
              </td>
              <td>
                <Moment at={vote.at} />
                <p className={styles.small} title={vote.subject}>
                  {t('approvals.on', { digest: shortDigest(vote.subject) })}
                </p>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
