import { useEffect, useRef } from 'react';
import { isMeantForElement, readKeys } from './readKeys';
import { areShortcutsOn } from './shortcutSetting';

/** How long the second key of a pair may take. */
const PAIR_MILLISECONDS = 1500;

/** Something that keys do; `keys` is a key or two, as in `g c`. */
export interface Shortcut {
  keys: string;
  run(): void;
}

/**
 * Runs what the keys say, anywhere but in a field or a dialog. Ctrl or Cmd with K always
 * works: with a modifier nobody presses it by accident.
 */
export function useShortcuts(shortcuts: Shortcut[], onQuickOpen: () => void) {
  const current = useRef({ shortcuts, onQuickOpen });
  current.current = { shortcuts, onQuickOpen };

  useEffect(() => {
    let pending: { keys: string; until: number } | undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) {
        return;
      }
      if (
        event.key.toLowerCase() === 'k' &&
        (event.ctrlKey || event.metaKey) &&
        !event.altKey &&
        !event.shiftKey
      ) {
        event.preventDefault();
        current.current.onQuickOpen();
        return;
      }
      if (!areShortcutsOn() || isMeantForElement(event.target)) {
        pending = undefined;
        return;
      }
      const reading = readKeys(
        event,
        pending && event.timeStamp < pending.until ? pending.keys : undefined,
        current.current.shortcuts.map(({ keys }) => keys),
      );
      pending =
        reading.kind === 'begun'
          ? { keys: reading.keys, until: event.timeStamp + PAIR_MILLISECONDS }
          : undefined;
      if (reading.kind === 'complete') {
        event.preventDefault();
        current.current.shortcuts
          .find(({ keys }) => keys === reading.keys)
          ?.run();
      }
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
