import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SearchField, Select } from '@backstage/ui';
import { useDraft } from '../../useDraft';
import {
  type CatalogView,
  EVERY_KIND,
  MINE,
  type Scope,
  scopes,
} from './catalogView';
import styles from './FilterBar.module.css';
import { isKnownKind } from './kinds';
import { catalogListTranslationRef } from './translation';
import { type Choice, type Choices } from './useChoices';

const ANY = '';
/** A field with more choices than this can be searched. */
const SEARCH_FROM = 8;

const scopeMessages = {
  own: 'filter.scopeOwn',
  platform: 'filter.scopePlatform',
  all: 'filter.scopeAll',
} as const satisfies Record<Scope, string>;

/** The fields that say which entities are shown. */
export function FilterBar(props: {
  view: CatalogView;
  choices: Choices;
  hasKinds: boolean;
  hasScopes: boolean;
  onChange(change: Partial<CatalogView>, how?: 'push' | 'replace'): void;
}) {
  const { view, choices, onChange } = props;
  const { t } = useTranslationRef(catalogListTranslationRef);
  const text = useDraft(view.text, value =>
    onChange({ text: value }, 'replace'),
  );
  const counted = ({ value, count }: Choice, name = value) => ({
    id: value,
    label:
      count > 0 ? t('filter.counted', { name, number: String(count) }) : name,
  });
  const kindName = (kind: string) =>
    isKnownKind(kind) ? t(`kinds.${kind}`) : kind;

  return (
    <div
      className={styles.root}
      role="search"
      aria-label={t('filter.label')}
      data-kinds={props.hasKinds}
      data-scopes={props.hasScopes}
    >
      <div className={styles.text}>
        <SearchField
          label={t('filter.text')}
          placeholder={t('filter.textHint')}
          value={text.value}
          onChange={text.onChange}
        />
      </div>
      {props.hasKinds && (
        <Select
          label={t('filter.kind')}
          options={[
            { id: EVERY_KIND, label: t('kinds.all') },
            ...withChosen(choices.kinds, [view.kind])
              .filter(({ value }) => value !== EVERY_KIND)
              .map(choice => counted(choice, kindName(choice.value))),
          ]}
          value={view.kind}
          onChange={key => onChange({ kind: String(key ?? EVERY_KIND) })}
        />
      )}
      {props.hasScopes && (
        <Select
          label={t('filter.scope')}
          options={scopes.map(scope => ({
            id: scope,
            label: t(scopeMessages[scope]),
          }))}
          value={view.scope}
          onChange={key =>
            onChange({ scope: scopes.find(scope => scope === key) ?? 'own' })
          }
        />
      )}
      <ManyOf
        label={t('filter.type')}
        placeholder={t('filter.anyType')}
        choices={withChosen(choices.types, view.types).map(item =>
          counted(item),
        )}
        chosen={view.types}
        onChange={types => onChange({ types })}
      />
      <Select
        label={t('filter.owner')}
        search={
          choices.owners.length > SEARCH_FROM
            ? { placeholder: t('filter.find') }
            : undefined
        }
        options={[
          { id: ANY, label: t('filter.anyOwner') },
          { id: MINE, label: t('filter.mine') },
          ...withChosen(
            choices.owners,
            view.owner === undefined || view.owner === MINE ? [] : [view.owner],
          ).map(choice => counted(choice, ownerName(choice.value))),
        ]}
        value={view.owner ?? ANY}
        onChange={key =>
          onChange({ owner: key === ANY ? undefined : String(key) })
        }
      />
      <ManyOf
        label={t('filter.lifecycle')}
        placeholder={t('filter.anyLifecycle')}
        choices={withChosen(choices.lifecycles, view.lifecycles).map(item =>
          counted(item),
        )}
        chosen={view.lifecycles}
        onChange={lifecycles => onChange({ lifecycles })}
      />
      <ManyOf
        label={t('filter.tag')}
        placeholder={t('filter.anyTag')}
        choices={withChosen(choices.tags, view.tags).map(item => counted(item))}
        chosen={view.tags}
        onChange={tags => onChange({ tags })}
      />
    </div>
  );
}

function ManyOf(props: {
  label: string;
  placeholder: string;
  choices: { id: string; label: string }[];
  chosen: string[];
  onChange(chosen: string[]): void;
}) {
  const { t } = useTranslationRef(catalogListTranslationRef);
  return (
    <Select
      selectionMode="multiple"
      label={props.label}
      placeholder={props.placeholder}
      search={
        props.choices.length > SEARCH_FROM
          ? { placeholder: t('filter.find') }
          : undefined
      }
      options={props.choices}
      value={props.chosen}
      isDisabled={props.choices.length === 0}
      onChange={keys => props.onChange(keys.map(String))}
    />
  );
}

/** What is chosen is offered too, so that it can be taken away. */
function withChosen(choices: Choice[], chosen: string[]): Choice[] {
  const missing = chosen.filter(
    value => !choices.some(choice => choice.value === value),
  );
  return [...choices, ...missing.map(value => ({ value, count: 0 }))];
}

function ownerName(ref: string): string {
  try {
    return parseEntityRef(ref, { defaultKind: 'group' }).name;
  } catch {
    return ref;
  }
}
