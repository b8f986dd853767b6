import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { auditTranslationRef } from '../translation';
import styles from './CopyableText.module.css';

/** Text to take elsewhere, with a button that copies it. */
export function CopyableText(props: {
  text: string;
  /** Names the text for those who do not see it. */
  label: string;
  /** Keeps the lines as they are. */
  multiline?: boolean;
}) {
  const { text, label, multiline } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const [copied, setCopied] = useState<string>();
  const isCopied = copied === text;
  const copy = async () => {
    await window.navigator.clipboard.writeText(text);
    setCopied(text);
  };
  return (
    <div className={styles.root}>
      <pre
        className={multiline ? styles.lines : styles.text}
        role="region"
        aria-label={label}
        // Scrolls, so it must be reachable with the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {text}
      </pre>
      <Button
        variant="secondary"
        size="small"
        iconStart={isCopied ? <RiCheckLine /> : <RiFileCopyLine />}
        aria-label={
          isCopied
            ? t('common.copiedNamed', { name: label })
            : t('common.copyNamed', { name: label })
        }
        onPress={copy}
      >
        {isCopied ? t('common.copied') : t('common.copy')}
      </Button>
    </div>
  );
}
