import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import { type EntryPlace } from '../../api/AuditApi';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';

/** Heading of an entry: its number and its chain. */
export function EntryTitle(props: { place: EntryPlace }) {
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  return (
    <Text as="h2" variant="title-x-small" aria-live="polite">
      {t('detail.title', {
        number: String(props.place.sequence),
        chain: wording.chain(props.place.chain),
      })}
    </Text>
  );
}
