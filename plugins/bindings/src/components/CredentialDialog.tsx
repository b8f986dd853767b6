import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { PasswordField, Text, TextField } from '@backstage/ui';
import {
  bindingKindRules,
  bindingKinds,
  putCredentialSchema,
  type System,
} from '@portico/plugin-bindings-common';
import { FormDialog } from '@portico/plugin-tenancy';
import { useState } from 'react';
import { bindingsApiRef } from '../api/BindingsApi';
import { bindingsTranslationRef } from '../translation';

/** Sets or replaces a tenant's credential for a system. */
export function CredentialDialog(props: {
  tenant: string;
  system: System;
  onClose(): void;
  onDone(): void;
}) {
  const { tenant, system } = props;
  const { t } = useTranslationRef(bindingsTranslationRef);
  const bindings = useApi(bindingsApiRef);
  const [token, setToken] = useState('');
  const [username, setUsername] = useState('');
  const [checked, setChecked] = useState(false);
  const needs = bindingKinds.filter(
    kind => bindingKindRules[kind].systemKind === system.kind,
  );
  const credential = putCredentialSchema.safeParse({
    token,
    ...(username !== '' && { username }),
  });
  const isWrong = checked && !credential.success;

  return (
    <FormDialog
      title={t('credentialForm.title', { system: system.title })}
      submit={t('credentialForm.submit')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!credential.success) {
          return false;
        }
        await bindings.setCredential(tenant, system.name, credential.data);
        props.onDone();
        return true;
      }}
    >
      {needs.map(kind => (
        <Text as="p" key={kind}>
          {t(`credentialNeeds.${kind}`)}
        </Text>
      ))}
      <PasswordField
        label={t('credentialForm.token')}
        description={t(
          isWrong ? 'credentialForm.tokenMissing' : 'credentialForm.tokenHelp',
        )}
        isInvalid={isWrong}
        isRequired
        autoComplete="off"
        value={token}
        onChange={setToken}
      />
      <TextField
        label={t('credentialForm.username')}
        description={t('credentialForm.usernameHelp')}
        autoComplete="off"
        value={username}
        onChange={setUsername}
      />
    </FormDialog>
  );
}
