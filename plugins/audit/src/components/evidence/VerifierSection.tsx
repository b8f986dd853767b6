import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import { type ChainList } from '@portico/plugin-audit-common';
import { exportFileName } from '../../content/exportFileName';
import { verifyCommand } from '../../content/verifyCommand';
import { auditTranslationRef } from '../../translation';
import { CopyableText } from '../CopyableText';
import styles from './Evidence.module.css';

/** The keys that sign, and how to check an export without the portal. */
export function VerifierSection(props: {
  chainList: ChainList;
  chain: string | undefined;
}) {
  const { keys } = props.chainList;
  const { t } = useTranslationRef(auditTranslationRef);
  return (
    <section className={styles.section}>
      <Text as="h2" variant="title-x-small">
        {t('verify.title')}
      </Text>
      <Text as="p">{t('verify.text')}</Text>
      <h3 className={styles.heading}>{t('verify.keys')}</h3>
      <Text as="p" color="secondary">
        {t('verify.keysText')}
      </Text>
      {keys.map((key, index) => (
        <CopyableText
          key={key}
          text={key}
          label={
            index === 0
              ? t('verify.currentKey')
              : t('verify.formerKey', { number: String(index) })
          }
        />
      ))}
      <h3 className={styles.heading}>{t('verify.command')}</h3>
      <Text as="p" color="secondary">
        {t('verify.commandText')}
      </Text>
      {keys.length > 0 && (
        <CopyableText
          text={verifyCommand(
            exportFileName({
              chain: props.chain,
              format: 'jsonl',
              at: new Date(),
            }),
            keys,
          )}
          label={t('verify.command')}
        />
      )}
    </section>
  );
}
