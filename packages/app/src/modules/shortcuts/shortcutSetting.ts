import { useSyncExternalStore } from 'react';

const STORAGE_KEY = 'portico.shortcuts';
const listeners = new Set<() => void>();

/** Whether shortcuts of a single key are on; WCAG 2.1.4 wants a way to switch them off. */
export function areShortcutsOn(): boolean {
  return window.localStorage.getItem(STORAGE_KEY) !== 'off';
}

export function switchShortcuts(on: boolean): void {
  if (on) {
    window.localStorage.removeItem(STORAGE_KEY);
  } else {
    window.localStorage.setItem(STORAGE_KEY, 'off');
  }
  listeners.forEach(listener => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The setting, as it is now and whenever it changes. */
export function useShortcutsOn(): boolean {
  return useSyncExternalStore(subscribe, areShortcutsOn);
}
