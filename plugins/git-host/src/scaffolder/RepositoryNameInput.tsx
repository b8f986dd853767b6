import {
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { type FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { TextField } from '@backstage/ui';
import { useEffect, useState } from 'react';
import { gitHostApiRef } from '../api/GitHostApi';
import { gitHostTranslationRef } from '../translation';
import {
  checkName,
  isWellFormedName,
  type NameState,
} from './repositoryNameCheck';
import styles from './RepositoryNameInput.module.css';

const PAUSE_MILLISECONDS = 250;

/**
 * A field of a template's form for the name of a new repository: says while one types
 * whether the name is allowed and free, and what will be made.
 */
export function RepositoryNameInput(
  props: FieldExtensionComponentProps<string>,
) {
  const { formData: name = '', onChange, schema, uiSchema, required } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const { state, touched, touch } = useNameState(name, schema);
  const rule = uiSchema?.['ui:options']?.rule ?? t('nameField.rule');
  const refused =
    state.kind === 'taken' || (touched && state.kind === 'malformed');

  return (
    <div className={styles.field}>
      <TextField
        id={props.idSchema?.$id}
        label={props.label ?? schema.title ?? t('nameField.label')}
        description={schema.description}
        placeholder={uiSchema?.['ui:placeholder']}
        value={name}
        isRequired={required}
        isInvalid={refused}
        autoComplete="off"
        spellCheck="false"
        onChange={text => {
          touch();
          onChange(text === '' ? undefined : text);
        }}
      />
      <p
        className={refused ? styles.refused : styles.hint}
        role={refused ? 'alert' : 'status'}
      >
        {describe()}
      </p>
    </div>
  );

  function describe(): string {
    switch (state.kind) {
      case 'empty':
      case 'malformed':
        return String(rule);
      case 'taken':
        return t('nameField.taken', { repository: `${state.tenant}/${name}` });
      case 'free':
        return t('nameField.free', { repository: `${state.tenant}/${name}` });
      case 'unknown':
        return t('nameField.checking');
      default: {
        const impossible: never = state;
        return String(impossible);
      }
    }
  }
}

function useNameState(
  name: string,
  rule: FieldExtensionComponentProps<string>['schema'],
) {
  const gitHostApi = useApi(gitHostApiRef);
  const identityApi = useApi(identityApiRef);
  const [touched, setTouched] = useState(false);
  const [answer, setAnswer] = useState<{ name: string; state: NameState }>();
  const wellFormed = isWellFormedName(name, rule);

  useEffect(() => {
    if (!wellFormed) {
      return undefined;
    }
    let current = true;
    const timer = setTimeout(async () => {
      const { userEntityRef } = await identityApi.getBackstageIdentity();
      const state = await checkName({ name, userEntityRef, gitHostApi });
      if (current) {
        setAnswer({ name, state });
      }
    }, PAUSE_MILLISECONDS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [name, wellFormed, gitHostApi, identityApi]);

  return {
    state: currentState(),
    touched,
    touch: () => setTouched(true),
  };

  function currentState(): NameState {
    if (name === '') {
      return { kind: 'empty' };
    }
    if (!wellFormed) {
      return { kind: 'malformed' };
    }
    return answer?.name === name ? answer.state : { kind: 'unknown' };
  }
}
