import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, Text, TextAreaField } from '@backstage/ui';
import { stopLineSchema } from '@portico/plugin-promotions-common';
import { FormDialog } from '@portico/plugin-tenancy';
import { promotionsApiRef } from '../api/PromotionsApi';
import { calendarTranslationRef } from './translation';

/** Key of "all environments" in the choice. No environment has such a name. */
const ALL = '*';

/** Stops the line: nothing new begins until somebody lifts it. */
export function StopLineDialog(props: {
  environments: readonly string[];
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useTranslationRef(calendarTranslationRef);
  const promotions = useApi(promotionsApiRef);
  const [environment, setEnvironment] = useState(ALL);
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const stop = stopLineSchema.safeParse({
    reason,
    ...(environment !== ALL && { environment }),
  });
  return (
    <FormDialog
      title={t('stops.dialogTitle')}
      submit={t('stops.submit')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!stop.success) {
          return false;
        }
        await promotions.stopLine(stop.data);
        props.onDone();
        return true;
      }}
    >
      <Text as="p">{t('stops.dialogText')}</Text>
      <Select
        label={t('stops.environment')}
        options={[
          { id: ALL, label: t('stops.all') },
          ...props.environments.map(name => ({ id: name, label: name })),
        ]}
        value={environment}
        onChange={key => setEnvironment(String(key ?? ALL))}
      />
      <TextAreaField
        label={t('stops.reason')}
        description={
          checked && !stop.success
            ? t('stops.reasonMissing')
            : t('stops.reasonHelp')
        }
        isInvalid={checked && !stop.success}
        isRequired
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}
