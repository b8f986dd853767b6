import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox, Select, TextField } from '@backstage/ui';
import {
  type BindingKind,
  bindingKindRules,
  bindingKinds,
  bindingKindSchema,
  createGrantSchema,
  type System,
} from '@portico/plugin-bindings-common';
import { FormDialog } from '@portico/plugin-tenancy';
import { useEffect, useState } from 'react';
import { bindingsApiRef } from '../api/BindingsApi';
import { bindingsTranslationRef } from '../translation';

/** Grants a thing of an external system to a tenant. */
export function GrantDialog(props: {
  tenant: string;
  title: string;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useTranslationRef(bindingsTranslationRef);
  const bindings = useApi(bindingsApiRef);
  const [systems, setSystems] = useState<System[]>();
  const [failure, setFailure] = useState<Error>();
  const [kind, setKind] = useState<BindingKind>('kubernetes-namespace');
  const [chosen, setChosen] = useState<string>();
  const [resource, setResource] = useState('');
  const [shared, setShared] = useState(false);
  const [checked, setChecked] = useState(false);

  useEffect(() => {
    let open = true;
    bindings.systems().then(
      items => open && setSystems(items),
      error => open && setFailure(error),
    );
    return () => {
      open = false;
    };
  }, [bindings]);

  const { form, systemKind } = bindingKindRules[kind];
  const choices = systems?.filter(system => system.kind === systemKind) ?? [];
  const system =
    choices.find(({ name }) => name === chosen)?.name ?? choices[0]?.name;
  const grant = createGrantSchema.safeParse({
    kind,
    system,
    resource: resource.trim(),
    shared,
  });
  const hasNoSystem = systems !== undefined && choices.length === 0;

  return (
    <FormDialog
      title={t('grantForm.title', { tenant: props.title })}
      submit={t('grantForm.submit')}
      onClose={props.onClose}
      onSubmit={async () => {
        setChecked(true);
        if (failure) {
          throw failure;
        }
        if (!grant.success) {
          return false;
        }
        await bindings.addGrant(props.tenant, grant.data);
        props.onDone();
        return true;
      }}
    >
      <Select
        label={t('grantForm.kind')}
        options={bindingKinds.map(id => ({ id, label: t(`kinds.${id}`) }))}
        value={kind}
        onChange={key => setKind(bindingKindSchema.parse(key))}
      />
      <Select
        label={t('grantForm.system')}
        description={hasNoSystem ? t('grantForm.noSystem') : undefined}
        isDisabled={choices.length === 0}
        options={choices.map(({ name, title }) => ({ id: name, label: title }))}
        value={system ?? null}
        onChange={key => setChosen(key === null ? undefined : String(key))}
      />
      <TextField
        label={t('grantForm.resource')}
        description={t('grantForm.resourceHelp', { form })}
        isInvalid={checked && system !== undefined && !grant.success}
        isRequired
        value={resource}
        onChange={setResource}
      />
      <Checkbox isSelected={shared} onChange={setShared}>
        {t('grantForm.shared')}
      </Checkbox>
    </FormDialog>
  );
}
