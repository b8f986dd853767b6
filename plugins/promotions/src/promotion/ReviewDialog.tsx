import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Radio, RadioGroup, TextAreaField } from '@backstage/ui';
import {
  type PromotionDetail,
  reviewOverrideSchema,
} from '@portico/plugin-promotions-common';
import { FormDialog } from '@portico/plugin-tenancy';
import { promotionsApiRef } from '../api/PromotionsApi';
import { promotionsTranslationRef } from '../translation';

/** Ends broken glass with what somebody found who looked at it afterwards. */
export function ReviewDialog(props: {
  id: string;
  onDone(detail: PromotionDetail): void;
  onClose(): void;
}) {
  const { id, onDone, onClose } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const [finding, setFinding] = useState('justified');
  const [comment, setComment] = useState('');
  const [checked, setChecked] = useState(false);
  const form = reviewOverrideSchema.safeParse({ finding, comment });
  const isMissing = checked && !form.success;
  return (
    <FormDialog
      title={t('breakGlass.reviewTitle')}
      submit={t('breakGlass.reviewSubmit')}
      onClose={onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!form.success) {
          return false;
        }
        onDone(await api.reviewBreakGlass(id, form.data));
        return true;
      }}
    >
      <RadioGroup
        label={t('breakGlass.finding')}
        value={finding}
        onChange={setFinding}
      >
        <Radio value="justified">{t('breakGlass.justified')}</Radio>
        <Radio value="notJustified">{t('breakGlass.notJustified')}</Radio>
      </RadioGroup>
      <TextAreaField
        label={t('breakGlass.reviewComment')}
        description={
          isMissing ? t('breakGlass.reviewCommentMissing') : undefined
        }
        isInvalid={isMissing}
        isRequired
        value={comment}
        onChange={setComment}
      />
    </FormDialog>
  );
}
