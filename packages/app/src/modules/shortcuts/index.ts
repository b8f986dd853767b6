export { Keys } from './Keys';
export { ShellOverlays } from './ShellOverlays';
export { switchShortcuts, useShortcutsOn } from './shortcutSetting';
