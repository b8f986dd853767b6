import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import { isTenantId, newTenantIdSchema } from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { FormDialog } from './FormDialog';

/** Creates a tenant; only the platform's administrators are offered this. */
export function CreateTenantDialog(props: { onClose(): void; onDone(): void }) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [id, setId] = useState('');
  const [title, setTitle] = useState('');
  const [checked, setChecked] = useState(false);

  const isIdGood = newTenantIdSchema.safeParse(id).success;
  const isTitleGood = title.trim() !== '';
  // Checked while typing, but an empty field is no mistake yet.
  const showIdProblem = !isIdGood && (checked || id !== '');
  const idProblem = isTenantId(id)
    ? t('tenantForm.reservedId')
    : t('tenantForm.invalidId');

  return (
    <FormDialog
      title={t('tenantForm.title')}
      submit={t('tenantForm.submit')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!isIdGood || !isTitleGood) {
          return false;
        }
        await tenancy.createTenant({ id, title: title.trim() });
        props.onDone();
        return true;
      }}
    >
      <TextField
        label={t('tenantForm.id')}
        description={showIdProblem ? idProblem : t('tenantForm.idHelp')}
        isInvalid={showIdProblem}
        isRequired
        value={id}
        onChange={setId}
      />
      <TextField
        label={t('tenantForm.name')}
        description={
          checked && !isTitleGood ? t('tenantForm.missingName') : undefined
        }
        isInvalid={checked && !isTitleGood}
        isRequired
        value={title}
        onChange={setTitle}
      />
    </FormDialog>
  );
}
