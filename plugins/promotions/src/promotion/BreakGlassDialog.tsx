import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Checkbox,
  CheckboxGroup,
  Select,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import {
  breakGlassSchema,
  type PromotionDetail,
} from '@portico/plugin-promotions-common';
import { FormDialog } from '@portico/plugin-tenancy';
import { promotionsApiRef } from '../api/PromotionsApi';
import { promotionsTranslationRef } from '../translation';

/** The longest that glass stays broken is four hours. */
const hours = [1, 2, 4];

/** Asks to go past gates that say "not yet"; a second person has to confirm it. */
export function BreakGlassDialog(props: {
  detail: PromotionDetail;
  onDone(detail: PromotionDetail): void;
  onClose(): void;
}) {
  const { detail, onDone, onClose } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const [gates, setGates] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const [expiresAfter, setExpiresAfter] = useState('PT1H');
  const [checked, setChecked] = useState(false);
  const form = breakGlassSchema.safeParse({
    gates,
    reason,
    ticket,
    expiresAfter,
  });
  const isBad = (field: string): boolean =>
    checked &&
    (form.error?.issues.some(({ path }) => path[0] === field) ?? false);
  const held = detail.gates.filter(
    ({ outcome }) => outcome === 'waiting' || outcome === 'unanswered',
  );
  return (
    <FormDialog
      title={t('breakGlass.title')}
      submit={t('breakGlass.submit')}
      onClose={onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!form.success) {
          return false;
        }
        onDone(await api.breakGlass(detail.promotion.id, form.data));
        return true;
      }}
    >
      <Alert status="warning" icon description={t('breakGlass.text')} />
      <CheckboxGroup
        label={t('breakGlass.gates')}
        description={isBad('gates') ? t('breakGlass.gatesMissing') : undefined}
        isInvalid={isBad('gates')}
        isRequired
        value={gates}
        onChange={setGates}
      >
        {held.map(({ gate, reason: why }) => (
          <Checkbox key={gate} value={gate}>
            {gate}: {why}
          </Checkbox>
        ))}
      </CheckboxGroup>
      <TextAreaField
        label={t('breakGlass.reason')}
        description={
          isBad('reason') ? t('breakGlass.reasonMissing') : undefined
        }
        isInvalid={isBad('reason')}
        isRequired
        value={reason}
        onChange={setReason}
      />
      <TextField
        label={t('breakGlass.ticket')}
        description={
          isBad('ticket')
            ? t('breakGlass.ticketMissing')
            : t('breakGlass.ticketHelp')
        }
        isInvalid={isBad('ticket')}
        isRequired
        value={ticket}
        onChange={setTicket}
      />
      <Select
        label={t('breakGlass.expires')}
        options={hours.map(count => ({
          id: `PT${count}H`,
          label: t('breakGlass.hours', { count }),
        }))}
        value={expiresAfter}
        onChange={key => setExpiresAfter(String(key))}
      />
    </FormDialog>
  );
}
