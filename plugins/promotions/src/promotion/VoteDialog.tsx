import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Select, Text, TextAreaField } from '@backstage/ui';
import {
  type CastVote,
  type DiffSummary as Summary,
  type PromotionDetail,
} from '@portico/plugin-promotions-common';
import { FormDialog } from '@portico/plugin-tenancy';
import { promotionsApiRef } from '../api/PromotionsApi';
import styles from '../components/Section.module.css';
import { releaseName } from '../content/names';
import { DiffSummary } from '../diff/DiffSummary';
import { promotionsTranslationRef } from '../translation';

const ANY_RULE = '';

/** Signs, or refuses to sign, exactly what was shown when the dialog opened. */
export function VoteDialog(props: {
  decision: CastVote['decision'];
  detail: PromotionDetail;
  /** What changes, in short; only of what is voted on. */
  diff?: Summary;
  onDone(detail: PromotionDetail): void;
  onClose(): void;
}) {
  const { decision, detail, onDone, onClose } = props;
  const { promotion } = detail;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  // What was shown, whatever it becomes while somebody thinks.
  const [shown] = useState(detail);
  const [diff] = useState(props.diff);
  const [comment, setComment] = useState('');
  const [representing, setRepresenting] = useState(ANY_RULE);
  const { subject } = shown.promotion;
  const isChanged = subject !== promotion.subject;
  const rules = shown.approvals.flatMap(approval => approval.rules);
  const names = {
    what: releaseName(promotion.release),
    environment: promotion.environment,
  };
  return (
    <FormDialog
      title={t(`vote.${decision}Title`, names)}
      submit={t(`decision.${decision}`)}
      onClose={onClose}
      onSubmit={async () => {
        if (subject === undefined || isChanged) {
          return false;
        }
        onDone(
          await api.vote(promotion.id, {
            decision,
            subject,
            comment: comment.trim() || undefined,
            representing: representing || undefined,
          }),
        );
        return true;
      }}
    >
      {subject === undefined && (
        <Alert role="alert" status="info" icon title={t('vote.noSubject')} />
      )}
      {isChanged && (
        <Alert
          role="alert"
          status="warning"
          icon
          title={t('vote.changed')}
          description={t('vote.changedText')}
        />
      )}
      {decision !== 'approve' && (
        <Text as="p">{t(`vote.${decision}Text`)}</Text>
      )}
      {decision === 'approve' && diff && <DiffSummary summary={diff} />}
      {subject !== undefined && (
        <div>
          <Text as="p" weight="bold">
            {t('vote.signs')}
          </Text>
          <p className={styles.small}>{t('vote.signsText')}</p>
          <p className={styles.small}>
            {t('vote.subject')}: <code>{subject}</code>
          </p>
        </div>
      )}
      {decision === 'approve' && rules.length > 1 && (
        <Select
          label={t('vote.representing')}
          options={[
            { id: ANY_RULE, label: t('vote.anyRule') },
            ...rules.map(({ name }) => ({ id: name, label: name })),
          ]}
          value={representing}
          onChange={key => setRepresenting(String(key ?? ANY_RULE))}
        />
      )}
      <TextAreaField
        label={t('vote.comment')}
        description={t('vote.commentHelp')}
        value={comment}
        onChange={setComment}
      />
    </FormDialog>
  );
}
