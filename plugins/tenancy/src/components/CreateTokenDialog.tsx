import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Checkbox,
  CheckboxGroup,
  Select,
  Text,
  TextField,
} from '@backstage/ui';
import {
  type CreatedMachineToken,
  createMachineTokenSchema,
  machineScopes,
  machineScopeSchema,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { FormDialog } from './FormDialog';
import { ResultDialog } from './ResultDialog';
import { scopeMessageKeys } from './scopeMessageKeys';
import { SecretField } from './SecretField';

const EXPIRY_DAYS = [7, 30, 90, 365];
const DEFAULT_EXPIRY_DAYS = 90;

/** Creates a machine token and shows its secret once. */
export function CreateTokenDialog(props: {
  tenant: string;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState(DEFAULT_EXPIRY_DAYS);
  const [checked, setChecked] = useState(false);
  const [created, setCreated] = useState<CreatedMachineToken>();

  const isNameGood =
    createMachineTokenSchema.shape.name.safeParse(name).success;
  const areScopesGood = scopes.length > 0;

  if (created) {
    return (
      <ResultDialog
        title={t('tokenForm.doneTitle', { name: created.machineToken.name })}
        onClose={props.onClose}
      >
        <Text as="p">{t('tokenForm.once')}</Text>
        <SecretField label={t('tokenForm.secret')} value={created.token} />
      </ResultDialog>
    );
  }

  return (
    <FormDialog
      title={t('tokenForm.title')}
      submit={t('tokenForm.submit')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!isNameGood || !areScopesGood) {
          return false;
        }
        const made = await tenancy.createToken(props.tenant, {
          name,
          scopes: scopes.map(scope => machineScopeSchema.parse(scope)),
          expiresInDays: days,
        });
        props.onDone();
        setCreated(made);
        return false;
      }}
    >
      <TextField
        label={t('tokenForm.name')}
        description={
          checked && !isNameGood
            ? t('tokenForm.invalidName')
            : t('tokenForm.nameHelp', { tenant: props.tenant })
        }
        isInvalid={checked && !isNameGood}
        isRequired
        value={name}
        onChange={setName}
      />
      <CheckboxGroup
        label={t('tokenForm.scopes')}
        description={
          checked && !areScopesGood ? t('tokenForm.missingScope') : undefined
        }
        isInvalid={checked && !areScopesGood}
        isRequired
        value={scopes}
        onChange={setScopes}
      >
        {machineScopes.map(scope => (
          <Checkbox key={scope} value={scope}>
            {t(`scopes.${scopeMessageKeys[scope]}`)}
          </Checkbox>
        ))}
      </CheckboxGroup>
      <Select
        label={t('tokenForm.expiry')}
        options={EXPIRY_DAYS.map(number => ({
          id: String(number),
          label: t('tokenForm.days', { number: String(number) }),
        }))}
        value={String(days)}
        onChange={key => setDays(Number(key ?? DEFAULT_EXPIRY_DAYS))}
      />
    </FormDialog>
  );
}
