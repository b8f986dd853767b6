import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { gitHostTranslationRef } from '../translation';
import styles from './CopyableText.module.css';

/** Text for a terminal, with a button that copies it. */
export function CopyableText(props: {
  text: string;
  /** Names the text for those who do not see it. */
  label: string;
  copyLabel: string;
}) {
  const { text, label, copyLabel } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await window.navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Flex gap="2" align="start">
      <pre
        className={styles.text}
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
        iconStart={copied ? <RiCheckLine /> : <RiFileCopyLine />}
        aria-label={copied ? t('common.copied') : copyLabel}
        onPress={copy}
      >
        {copied ? t('common.copied') : t('common.copy')}
      </Button>
    </Flex>
  );
}
