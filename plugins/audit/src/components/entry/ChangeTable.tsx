import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Mark } from '@portico/page-states';
import { RiAddLine, RiDeleteBinLine, RiPencilLine } from '@remixicon/react';
import {
  type AuditEntry,
  type AuditEntryView,
} from '@portico/plugin-audit-common';
import {
  type FieldChange,
  fieldDiff,
  type Json,
  listDiff,
} from '../../content/fieldDiff';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';
import styles from './ChangeTable.module.css';

/** What an act changed, field by field. */
export function ChangeTable(props: {
  change: NonNullable<AuditEntry['change']>;
  view: AuditEntryView;
}) {
  const { change, view } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  const fields = fieldDiff(change.before, change.after);
  const changed = fields.filter(field => field.kind !== 'unchanged');
  const unchanged = fields.filter(field => field.kind === 'unchanged');

  const show = (value: Json) => (
    <span className={styles.text}>{wording.json(value, view)}</span>
  );

  return (
    <section className={styles.root}>
      <h3 className={styles.heading}>{t('change.title')}</h3>
      {changed.length === 0 ? (
        <p className={styles.none}>{t('change.none')}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('change.field')}</th>
              <th scope="col">{t('change.before')}</th>
              <th scope="col">{t('change.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changed.map(field => (
              <tr key={field.path}>
                <th scope="row">
                  <span className={styles.field}>{field.path}</span>{' '}
                  <ChangeMark kind={field.kind} />
                </th>
                <ChangedValues field={field} show={show} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {unchanged.length > 0 && (
        <details className={styles.details}>
          <summary>
            {t('change.unchanged', { count: unchanged.length })}
          </summary>
          <dl className={styles.unchanged}>
            {unchanged.map(field => (
              <div key={field.path}>
                <dt>{field.path}</dt>
                <dd>{'after' in field && show(field.after)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

function ChangeMark(props: { kind: FieldChange['kind'] }) {
  const { t } = useTranslationRef(auditTranslationRef);
  switch (props.kind) {
    case 'added':
      return (
        <Mark tone="positive" icon={<RiAddLine />} text={t('change.added')} />
      );
    case 'removed':
      return (
        <Mark
          tone="negative"
          icon={<RiDeleteBinLine />}
          text={t('change.removed')}
        />
      );
    case 'changed':
      return (
        <Mark
          tone="announcement"
          icon={<RiPencilLine />}
          text={t('change.changed')}
        />
      );
    case 'unchanged':
      return null;
    default:
      return props.kind satisfies never;
  }
}

function ChangedValues(props: {
  field: FieldChange;
  show(value: Json): ReactNode;
}) {
  const { field, show } = props;
  switch (field.kind) {
    case 'added':
      return (
        <>
          <td className={styles.nothing}>–</td>
          <td>
            <ins className={styles.after}>{show(field.after)}</ins>
          </td>
        </>
      );
    case 'removed':
      return (
        <>
          <td>
            <del className={styles.before}>{show(field.before)}</del>
          </td>
          <td className={styles.nothing}>–</td>
        </>
      );
    case 'changed':
      return Array.isArray(field.before) && Array.isArray(field.after) ? (
        <ChangedList before={field.before} after={field.after} show={show} />
      ) : (
        <>
          <td>
            <del className={styles.before}>{show(field.before)}</del>
          </td>
          <td>
            <ins className={styles.after}>{show(field.after)}</ins>
          </td>
        </>
      );
    case 'unchanged':
      return null;
    default:
      return field satisfies never;
  }
}

/** Of lists, only what is new or gone is marked. */
function ChangedList(props: {
  before: Json[];
  after: Json[];
  show(value: Json): ReactNode;
}) {
  const { before, after, show } = props;
  const { kept, removed, added } = listDiff(before, after);
  const isSameSet = removed.length === 0 && added.length === 0;
  return (
    <>
      <td>
        <ul className={styles.list}>
          {(isSameSet ? before : [...removed, ...kept]).map((item, index) => (
            <li key={index}>
              {index < removed.length ? (
                <del className={styles.before}>{show(item)}</del>
              ) : (
                show(item)
              )}
            </li>
          ))}
        </ul>
      </td>
      <td>
        <ul className={styles.list}>
          {(isSameSet ? after : [...added, ...kept]).map((item, index) => (
            <li key={index}>
              {index < added.length ? (
                <ins className={styles.after}>{show(item)}</ins>
              ) : (
                show(item)
              )}
            </li>
          ))}
        </ul>
      </td>
    </>
  );
}
