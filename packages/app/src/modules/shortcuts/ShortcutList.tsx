import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Dialog, DialogBody, DialogHeader, Switch, Text } from '@backstage/ui';
import { shellTranslationRef } from '../shell/translation';
import { Keys } from './Keys';
import styles from './ShortcutList.module.css';
import { switchShortcuts, useShortcutsOn } from './shortcutSetting';

/** Every shortcut with its keys, and the switch for those of a single key. */
export function ShortcutList(props: {
  shortcuts: { keys: string; title: string }[];
  onClose(): void;
}) {
  const { t } = useTranslationRef(shellTranslationRef);
  const isOn = useShortcutsOn();
  return (
    <Dialog
      isOpen
      isDismissable
      onOpenChange={open => !open && props.onClose()}
      width={480}
    >
      <DialogHeader>{t('shortcuts.title')}</DialogHeader>
      <DialogBody>
        <dl className={styles.list}>
          {props.shortcuts.map(({ keys, title }) => (
            <div key={keys} className={styles.row}>
              <dt>{title}</dt>
              <dd>
                <Keys keys={keys} />
              </dd>
            </div>
          ))}
        </dl>
        <div className={styles.setting}>
          <Switch
            label={t('shortcuts.switch')}
            isSelected={isOn}
            onChange={switchShortcuts}
          />
          <Text as="p" variant="body-small" color="secondary">
            {t('shortcuts.switchText')}
          </Text>
        </div>
      </DialogBody>
    </Dialog>
  );
}
