import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiCloseLine } from '@remixicon/react';
import {
  activeKeys,
  type View,
  type ViewKey,
} from '../../content/addressQuery';
import { formatMoment } from '../../content/moments';
import { useWording } from '../../hooks/useWording';
import { auditTranslationRef } from '../../translation';
import styles from './FilterChips.module.css';

/** What is filtered by, each to be taken away, and all at once. */
export function FilterChips(props: {
  view: View;
  onChange(change: Partial<View>): void;
  onClear(): void;
}) {
  const { view, onChange, onClear } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const wording = useWording();
  const keys = activeKeys(view);
  if (keys.length === 0) {
    return null;
  }

  const describe = (key: ViewKey): string => {
    switch (key) {
      case 'range':
        return view.range ? t(`range.${view.range}`) : '';
      case 'outcome':
        return view.outcome ? t(`outcome.${view.outcome}`) : '';
      case 'severity':
        return view.severity ? t(`severityFrom.${view.severity}`) : '';
      case 'chain':
        return view.chain ? wording.chain(view.chain) : '';
      case 'from':
      case 'to':
        return formatMoment(view[key] ?? '');
      case 'text':
      case 'actor':
      case 'act':
      case 'subject':
      case 'requestId':
      case 'correlation':
        return view[key] ?? '';
      default:
        return key satisfies never;
    }
  };

  return (
    <div className={styles.root} role="group" aria-label={t('filter.active')}>
      {keys.map(key => {
        const text = t('filter.chip', {
          name: t(`filterName.${key}`),
          value: describe(key),
        });
        return (
          <Button
            key={key}
            size="small"
            variant="secondary"
            className={styles.chip}
            iconEnd={<RiCloseLine aria-hidden />}
            aria-label={t('filter.remove', { chip: text })}
            onPress={() => onChange({ [key]: undefined })}
          >
            {text}
          </Button>
        );
      })}
      <Button size="small" variant="tertiary" onPress={onClear}>
        {t('filter.clear')}
      </Button>
    </div>
  );
}
