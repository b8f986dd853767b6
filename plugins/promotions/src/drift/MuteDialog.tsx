import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, Text, TextAreaField } from '@backstage/ui';
import { type Drift, muteDriftSchema } from '@portico/plugin-promotions-common';
import { FormDialog, formatMoment } from '@portico/plugin-tenancy';
import { promotionsApiRef } from '../api/PromotionsApi';
import { driftTranslationRef } from './translation';

const DAYS = [1, 7, 30, 90];

const DAY_MILLISECONDS = 24 * 3_600_000;

/** Keeps a drift from alerting for some days. */
export function MuteDialog(props: {
  drift: Drift;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useTranslationRef(driftTranslationRef);
  const promotions = useApi(promotionsApiRef);
  const [opened] = useState(() => Date.now());
  const [days, setDays] = useState(7);
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const until = new Date(opened + days * DAY_MILLISECONDS).toISOString();
  const mute = muteDriftSchema.safeParse({ until, reason });
  return (
    <FormDialog
      title={t('muteTitle')}
      submit={t('mute')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!mute.success) {
          return false;
        }
        await promotions.muteDrift(props.drift.id, mute.data);
        props.onDone();
        return true;
      }}
    >
      <Text as="p">{t('muteText')}</Text>
      <Select
        label={t('muteFor')}
        description={t('muteUntil', { moment: formatMoment(until) })}
        options={DAYS.map(count => ({
          id: String(count),
          label: t('muteDays', { count }),
        }))}
        value={String(days)}
        onChange={key => setDays(Number(key))}
      />
      <TextAreaField
        label={t('muteReason')}
        description={
          checked && !mute.success
            ? t('muteReasonMissing')
            : t('muteReasonHelp')
        }
        isInvalid={checked && !mute.success}
        isRequired
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}
