import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Mark } from '@portico/page-states';
import { RiAlarmWarningLine, RiCheckLine } from '@remixicon/react';
import {
  type AuditEntryView,
  canonicalJson,
} from '@portico/plugin-audit-common';
import useAsync from 'react-use/esm/useAsync';
import { entryHash } from '../../content/entryHash';
import { auditTranslationRef } from '../../translation';
import { CopyableText } from '../CopyableText';
import styles from './RawEntry.module.css';

/** The text of an entry that is hashed, and whether it has the hash that it should. */
export function RawEntry(props: { view: AuditEntryView }) {
  const { view } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const text = canonicalJson(view.entry);
  const { value: hash } = useAsync(() => entryHash(text), [text]);
  return (
    <details className={styles.root}>
      <summary>{t('raw.title')}</summary>
      <div className={styles.body}>
        <p>{t('raw.text')}</p>
        {hash !== undefined &&
          (hash === view.hash ? (
            <Mark tone="positive" icon={<RiCheckLine />} text={t('raw.good')} />
          ) : (
            <Mark
              tone="strong"
              icon={<RiAlarmWarningLine />}
              text={t('raw.bad')}
            />
          ))}
        <CopyableText text={text} label={t('raw.label')} />
      </div>
    </details>
  );
}
