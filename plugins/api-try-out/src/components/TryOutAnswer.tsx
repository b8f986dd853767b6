import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Flex, Text } from '@backstage/ui';
import { type TryOutResult } from '@portico/plugin-api-try-out-common';
import { apiTryOutTranslationRef } from '../translation';
import styles from './OpenApiDefinition.module.css';

/** What came back, as text and never as a page. */
export function TryOutAnswer(props: { result: TryOutResult }) {
  const { result } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  switch (result.outcome) {
    case 'failed':
      return (
        <Alert
          status="warning"
          icon
          title={t('tryOut.failed')}
          description={result.reason}
        />
      );
    case 'answered':
      return (
        <section aria-label={t('tryOut.answer')}>
          <Flex direction="column" gap="2">
            <Text as="p" weight="bold">
              {t('tryOut.answered', {
                status: String(result.status),
                statusText: result.statusText,
                milliseconds: String(result.milliseconds),
                bytes: String(result.bytes),
              })}
            </Text>
            <Text as="p" color="secondary">
              {t('tryOut.asked', { url: result.url })}
            </Text>
            <AnswerBody result={result} />
            <details>
              <summary>{t('tryOut.headers')}</summary>
              <pre className={styles.code}>
                {result.headers
                  .map(([name, value]) => `${name}: ${value}`)
                  .join('\n')}
              </pre>
            </details>
          </Flex>
        </section>
      );
    default:
      return result satisfies never;
  }
}

function AnswerBody(props: {
  result: Extract<TryOutResult, { outcome: 'answered' }>;
}) {
  const { result } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  if (result.bytes === 0) {
    return <Text as="p">{t('tryOut.noBodyAnswered')}</Text>;
  }
  if (result.text === undefined) {
    return <Text as="p">{t('tryOut.noText')}</Text>;
  }
  return (
    <>
      {/* It scrolls, so the keyboard has to reach it. */}
      <pre
        className={styles.code}
        role="region"
        aria-label={t('tryOut.answerBody')}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {readable(result.text)}
      </pre>
      {result.cut && <Text as="p">{t('tryOut.cut')}</Text>}
    </>
  );
}

/** JSON with line ends, other text as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
