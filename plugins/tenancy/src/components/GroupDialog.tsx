import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox, CheckboxGroup, Select, TextField } from '@backstage/ui';
import {
  type Group,
  PLATFORM_TENANT,
  platformRoles,
  principalNameSchema,
  roleSchema,
  tenantRoles,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { FormDialog } from './FormDialog';

const NO_PARENT = '';

/** Adds a group to a tenant. */
export function GroupDialog(props: {
  tenant: string;
  groups: Group[];
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [parent, setParent] = useState(NO_PARENT);
  const [roles, setRoles] = useState<string[]>([]);
  const [checked, setChecked] = useState(false);

  const isNameGood = principalNameSchema.safeParse(name).success;
  const isDisplayNameGood = displayName.trim() !== '';

  const offeredRoles =
    props.tenant === PLATFORM_TENANT
      ? [...tenantRoles, ...platformRoles]
      : tenantRoles;

  return (
    <FormDialog
      title={t('groupForm.title')}
      submit={t('groupForm.submit')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (!isNameGood || !isDisplayNameGood) {
          return false;
        }
        await tenancy.putGroup(props.tenant, name, {
          displayName: displayName.trim(),
          ...(parent !== NO_PARENT && { parent }),
          roles: roles.map(role => roleSchema.parse(role)),
        });
        props.onDone();
        return true;
      }}
    >
      <TextField
        label={t('groupForm.name')}
        description={
          checked && !isNameGood ? t('memberForm.invalidName') : undefined
        }
        isInvalid={checked && !isNameGood}
        isRequired
        value={name}
        onChange={setName}
      />
      <TextField
        label={t('groupForm.displayName')}
        description={
          checked && !isDisplayNameGood
            ? t('memberForm.missingName')
            : undefined
        }
        isInvalid={checked && !isDisplayNameGood}
        isRequired
        value={displayName}
        onChange={setDisplayName}
      />
      <Select
        label={t('groupForm.parent')}
        options={[
          { id: NO_PARENT, label: t('groupForm.noParent') },
          ...props.groups.map(group => ({
            id: group.name,
            label: group.displayName,
          })),
        ]}
        value={parent}
        onChange={key => setParent(String(key ?? NO_PARENT))}
      />
      <CheckboxGroup
        label={t('groupForm.roles')}
        description={t('groupForm.rolesHelp')}
        value={roles}
        onChange={setRoles}
      >
        {offeredRoles.map(role => (
          <Checkbox key={role} value={role}>
            {t(`roles.${role}`)}
          </Checkbox>
        ))}
      </CheckboxGroup>
    </FormDialog>
  );
}
