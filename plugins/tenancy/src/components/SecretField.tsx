import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Text } from '@backstage/ui';
import { tenancyTranslationRef } from '../translation';
import styles from './SecretField.module.css';

/** A text to copy, shown in full because it is shown once. */
export function SecretField(props: { label: string; value: string }) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const [copied, setCopied] = useState(false);

  const copy = async () => {
    await window.navigator.clipboard.writeText(props.value);
    setCopied(true);
  };

  return (
    <Flex direction="column" gap="1">
      <Text as="span" weight="bold">
        {props.label}
      </Text>
      <Flex gap="2" align="center">
        <code className={styles.value} aria-label={props.label}>
          {props.value}
        </code>
        <Button variant="secondary" onPress={copy}>
          {copied ? t('common.copied') : t('common.copy')}
        </Button>
      </Flex>
    </Flex>
  );
}
