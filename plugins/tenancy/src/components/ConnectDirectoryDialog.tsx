import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, TextField } from '@backstage/ui';
import {
  directorySubjectSchema,
  putDirectorySchema,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { FormDialog } from './FormDialog';

/** Lets an identity provider write the people and groups of a tenant. */
export function ConnectDirectoryDialog(props: {
  tenant: string;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [issuer, setIssuer] = useState('');
  const [subject, setSubject] = useState<string>('externalId');
  const [checked, setChecked] = useState(false);
  const isIssuerGood =
    putDirectorySchema.shape.issuer.safeParse(issuer).success;
  return (
    <FormDialog
      title={t('directory.connect')}
      submit={t('directory.connectSubmit')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!isIssuerGood) {
          return false;
        }
        await tenancy.connectDirectory(props.tenant, {
          issuer,
          subject: directorySubjectSchema.parse(subject),
        });
        props.onDone();
        return true;
      }}
    >
      <TextField
        label={t('directory.issuer')}
        description={
          checked && !isIssuerGood
            ? t('directory.invalidIssuer')
            : t('directory.issuerHelp')
        }
        isInvalid={checked && !isIssuerGood}
        isRequired
        value={issuer}
        onChange={setIssuer}
      />
      <Select
        label={t('directory.subject')}
        options={directorySubjectSchema.options.map(option => ({
          id: option,
          label: t(`directory.by.${option}`),
        }))}
        value={subject}
        onChange={key => setSubject(String(key ?? 'externalId'))}
      />
    </FormDialog>
  );
}
