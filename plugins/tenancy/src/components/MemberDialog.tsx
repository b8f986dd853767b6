import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox, CheckboxGroup, Text, TextField } from '@backstage/ui';
import {
  type Group,
  type Member,
  PLATFORM_TENANT,
  platformRoles,
  principalNameSchema,
  roleSchema,
  tenantRoles,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { FormDialog } from './FormDialog';

/** Adds a person to a tenant, or changes what is known of one. */
export function MemberDialog(props: {
  tenant: string;
  member?: Member;
  groups: Group[];
  onClose(): void;
  onDone(): void;
}) {
  const { tenant, member } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [name, setName] = useState(member?.name ?? '');
  const [displayName, setDisplayName] = useState(member?.displayName ?? '');
  const [email, setEmail] = useState(member?.email ?? '');
  const [roles, setRoles] = useState<string[]>(member?.roles ?? []);
  const [groups, setGroups] = useState<string[]>(member?.groups ?? []);
  const [issuer, setIssuer] = useState('');
  const [subject, setSubject] = useState('');
  const [checked, setChecked] = useState(false);

  const isNameGood = principalNameSchema.safeParse(name).success;
  const isDisplayNameGood = displayName.trim() !== '';
  const areRolesGood = roles.length > 0;
  const isIdentityGood = (issuer === '') === (subject === '');
  const offeredRoles =
    tenant === PLATFORM_TENANT
      ? [...tenantRoles, ...platformRoles]
      : tenantRoles;

  return (
    <FormDialog
      title={
        member
          ? t('memberForm.editTitle', { name: member.displayName })
          : t('memberForm.addTitle')
      }
      submit={member ? t('memberForm.submitEdit') : t('memberForm.submitAdd')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (
          !isNameGood ||
          !isDisplayNameGood ||
          !areRolesGood ||
          !isIdentityGood
        ) {
          return false;
        }
        await tenancy.putMember(tenant, name, {
          displayName: displayName.trim(),
          ...(email !== '' && { email }),
          roles: roles.map(role => roleSchema.parse(role)),
          groups,
          ...(issuer !== '' && { identity: { issuer, subject } }),
          disabled: member?.disabledAt !== undefined,
        });
        props.onDone();
        return true;
      }}
    >
      {!member && (
        <TextField
          label={t('memberForm.name')}
          description={
            checked && !isNameGood
              ? t('memberForm.invalidName')
              : t('memberForm.nameHelp', { tenant })
          }
          isInvalid={checked && !isNameGood}
          isRequired
          value={name}
          onChange={setName}
        />
      )}
      <TextField
        label={t('memberForm.displayName')}
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
      <TextField
        label={t('memberForm.email')}
        type="email"
        value={email}
        onChange={setEmail}
      />
      <CheckboxGroup
        label={t('memberForm.roles')}
        description={
          checked && !areRolesGood ? t('memberForm.missingRole') : undefined
        }
        isInvalid={checked && !areRolesGood}
        isRequired
        value={roles}
        onChange={setRoles}
      >
        {offeredRoles.map(role => (
          <Checkbox key={role} value={role}>
            {t(`roles.${role}`)}
          </Checkbox>
        ))}
      </CheckboxGroup>
      {props.groups.length > 0 ? (
        <CheckboxGroup
          label={t('memberForm.groups')}
          value={groups}
          onChange={setGroups}
        >
          {props.groups.map(group => (
            <Checkbox key={group.name} value={group.name}>
              {group.displayName}
            </Checkbox>
          ))}
        </CheckboxGroup>
      ) : (
        <Text color="secondary">{t('memberForm.noGroups')}</Text>
      )}
      <TextField
        label={t('memberForm.issuer')}
        description={t('memberForm.identityHelp')}
        value={issuer}
        onChange={setIssuer}
      />
      <TextField
        label={t('memberForm.subject')}
        description={
          checked && !isIdentityGood ? t('memberForm.identityHalf') : undefined
        }
        isInvalid={checked && !isIdentityGood}
        value={subject}
        onChange={setSubject}
      />
    </FormDialog>
  );
}
