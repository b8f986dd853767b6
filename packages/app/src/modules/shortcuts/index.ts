export { Keys } from './Keys';
export { ShellOverlays } from './ShellOverlays';
