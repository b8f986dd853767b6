import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text, TextAreaField } from '@backstage/ui';
import { reasonSchema } from '@portico/plugin-promotions-common';
import { FormDialog } from '@portico/plugin-tenancy';
import { promotionsTranslationRef } from '../translation';

/** Asks for a reason before something is done. */
export function ReasonDialog(props: {
  title: string;
  text: string;
  submit: string;
  onSubmit(reason: string): Promise<void>;
  onClose(): void;
}) {
  const { title, text, submit, onSubmit, onClose } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const parsed = reasonSchema.safeParse({ reason });
  const isMissing = checked && !parsed.success;
  return (
    <FormDialog
      title={title}
      submit={submit}
      onClose={onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!parsed.success) {
          return false;
        }
        await onSubmit(parsed.data.reason);
        return true;
      }}
    >
      <Text as="p">{text}</Text>
      <TextAreaField
        label={t('common.reason')}
        description={
          isMissing ? t('common.reasonMissing') : t('common.reasonHelp')
        }
        isInvalid={isMissing}
        isRequired
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}
