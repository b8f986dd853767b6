import { createContext, useContext } from 'react';

/** What may lie over a page. */
export type Overlay = 'quickOpen' | 'shortcuts';

/** What the frame knows and its parts share. */
export interface ShellState {
  overlay: Overlay | undefined;
  open(overlay: Overlay): void;
  close(): void;
  /** Unread notifications of the person; undefined until they are known. */
  unread: number | undefined;
}

export const ShellContext = createContext<ShellState>({
  overlay: undefined,
  open: () => {},
  close: () => {},
  unread: undefined,
});

/** The overlay that is open, and what is counted in the frame. */
export function useShell(): ShellState {
  return useContext(ShellContext);
}
