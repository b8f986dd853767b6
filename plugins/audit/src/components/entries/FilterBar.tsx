import { useMemo } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Combobox, SearchField, Select, TextField } from '@backstage/ui';
import {
  auditFilterSchema,
  auditOutcomes,
  auditOutcomeSchema,
  auditSeverities,
  auditSeveritySchema,
} from '@portico/plugin-audit-common';
import useAsync from 'react-use/esm/useAsync';
import { auditApiRef } from '../../api/AuditApi';
import { suggestActs } from '../../content/suggestActs';
import { type View } from '../../content/addressQuery';
import { useDraft } from '../../hooks/useDraft';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';
import styles from './FilterBar.module.css';
import { TimeFilter } from './TimeFilter';

const ANY = 'any';

/** The fields that say which entries are shown. */
export function FilterBar(props: {
  view: View;
  /** Chains to choose from; empty while they are not known. */
  chains: string[];
  onChange(change: Partial<View>): void;
  onFocusChange(isWithin: boolean): void;
}) {
  const { view, chains, onChange } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  const audit = useApi(auditApiRef);
  // Without suggestions an act can still be typed.
  const { value: acts } = useAsync(() => audit.acts(), [audit]);
  const suggestions = useMemo(
    () => suggestActs(acts ?? []).map(act => ({ id: act, label: act })),
    [acts],
  );

  const text = useDraft(view.text, value => onChange({ text: value }));
  const actor = useDraft(view.actor, value => onChange({ actor: value }));
  const subject = useDraft(view.subject, value => onChange({ subject: value }));
  const act = useDraft(
    view.act,
    value => onChange({ act: value }),
    value => auditFilterSchema.shape.act.safeParse(value).success,
  );

  return (
    <div
      className={styles.root}
      role="search"
      aria-label={t('filter.label')}
      onFocus={() => props.onFocusChange(true)}
      onBlur={event =>
        props.onFocusChange(event.currentTarget.contains(event.relatedTarget))
      }
    >
      <div className={styles.wide}>
        <SearchField
          label={t('filter.text')}
          placeholder={t('filter.textHint')}
          value={text.value}
          onChange={text.onChange}
        />
      </div>
      <TimeFilter view={view} onChange={onChange} />
      <Combobox
        label={t('filter.act')}
        placeholder={t('filter.actHint')}
        allowsCustomValue
        options={suggestions}
        inputValue={act.value}
        onInputChange={act.onChange}
      />
      <TextField
        label={t('filter.actor')}
        placeholder={t('filter.actorHint')}
        value={actor.value}
        onChange={actor.onChange}
      />
      <TextField
        label={t('filter.subject')}
        placeholder={t('filter.subjectHint')}
        value={subject.value}
        onChange={subject.onChange}
      />
      <Select
        label={t('filter.outcome')}
        options={[
          { id: ANY, label: t('filter.anyOutcome') },
          ...auditOutcomes.map(outcome => ({
            id: outcome,
            label: t(`outcome.${outcome}`),
          })),
        ]}
        value={view.outcome ?? ANY}
        onChange={key =>
          onChange({ outcome: auditOutcomeSchema.safeParse(key).data })
        }
      />
      <Select
        label={t('filter.severity')}
        options={[
          { id: ANY, label: t('filter.anySeverity') },
          ...auditSeverities
            .filter(severity => severity !== 'low')
            .map(severity => ({
              id: severity,
              label: t(`severityFrom.${severity}`),
            })),
        ]}
        value={view.severity ?? ANY}
        onChange={key =>
          onChange({ severity: auditSeveritySchema.safeParse(key).data })
        }
      />
      {chains.length > 1 && (
        <Select
          label={t('filter.chain')}
          options={[
            { id: ANY, label: t('filter.anyChain') },
            ...chains.map(chain => ({
              id: chain,
              label: wording.chain(chain),
            })),
          ]}
          value={view.chain ?? ANY}
          onChange={key =>
            onChange({
              chain: key === null || key === ANY ? undefined : String(key),
            })
          }
        />
      )}
    </div>
  );
}
