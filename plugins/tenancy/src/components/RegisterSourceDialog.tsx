import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text, TextField } from '@backstage/ui';
import {
  type PutSourceResult,
  sourceNameSchema,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { FormDialog } from './FormDialog';
import { ResultDialog } from './ResultDialog';
import { SecretField } from './SecretField';

/** Registers a repository of the tenant as a source of its catalog. */
export function RegisterSourceDialog(props: {
  tenant: string;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [repository, setRepository] = useState('');
  const [branch, setBranch] = useState('main');
  const [path, setPath] = useState('catalog-info.yaml');
  const [checked, setChecked] = useState(false);
  const [result, setResult] = useState<PutSourceResult>();

  const isNameGood = sourceNameSchema.safeParse(repository).success;

  if (result?.webhook) {
    return (
      <ResultDialog
        title={t('registerSource.done', { name: result.source.name })}
        onClose={props.onClose}
      >
        <Text as="p">{t('registerSource.webhook')}</Text>
        <SecretField
          label={t('registerSource.webhookUrl')}
          value={result.webhook.url}
        />
        <SecretField
          label={t('registerSource.webhookSecret')}
          value={result.webhook.secret}
        />
      </ResultDialog>
    );
  }

  return (
    <FormDialog
      title={t('registerSource.title')}
      submit={t('registerSource.submit')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!isNameGood) {
          return false;
        }
        const made = await tenancy.putSource(props.tenant, repository, {
          location: { kind: 'repository', repository, branch, path },
        });
        props.onDone();
        setResult(made);
        return made.webhook === undefined;
      }}
    >
      <TextField
        label={t('registerSource.repository')}
        description={
          checked && !isNameGood
            ? t('registerSource.invalidRepository')
            : t('registerSource.repositoryHelp')
        }
        isInvalid={checked && !isNameGood}
        isRequired
        value={repository}
        onChange={setRepository}
      />
      <TextField
        label={t('registerSource.branch')}
        isRequired
        value={branch}
        onChange={setBranch}
      />
      <TextField
        label={t('registerSource.path')}
        isRequired
        value={path}
        onChange={setPath}
      />
    </FormDialog>
  );
}
