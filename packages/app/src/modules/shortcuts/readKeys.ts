/** What a key press does to the keys that were pressed before it. */
export type KeyReading =
  | { kind: 'ignored' }
  /** The first key of a pair: the second decides. */
  | { kind: 'begun'; keys: string }
  | { kind: 'complete'; keys: string };

/** The keys of a press that matter here. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey'
>;

/**
 * Reads a key press against the known shortcuts: single keys such as `?`, and pairs such
 * as `g c`. Presses with a modifier belong to the browser; shift is part of the key.
 */
export function readKeys(
  press: KeyPress,
  pending: string | undefined,
  known: readonly string[],
): KeyReading {
  if (
    press.ctrlKey ||
    press.metaKey ||
    press.altKey ||
    press.key.length !== 1
  ) {
    return { kind: 'ignored' };
  }
  const key = press.key.toLowerCase();
  for (const keys of pending ? [`${pending} ${key}`, key] : [key]) {
    if (known.includes(keys)) {
      return { kind: 'complete', keys };
    }
  }
  return known.some(keys => keys.startsWith(`${key} `))
    ? { kind: 'begun', keys: key }
    : { kind: 'ignored' };
}

const TYPING_ROLES = [
  'textbox',
  'searchbox',
  'combobox',
  'spinbutton',
  'listbox',
  'menu',
  'tree',
  'grid',
];

/**
 * Whether a key press is meant for what has the focus: text that is being written, or
 * a list in which letters jump to entries.
 */
export function isMeantForElement(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  return (
    target.isContentEditable ||
    ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) ||
    TYPING_ROLES.some(role => target.closest(`[role="${role}"]`) !== null) ||
    target.closest('dialog, [role="dialog"], [role="alertdialog"]') !== null
  );
}
