/** Where the tab with runs and logs is, below the page of an entity. */
export const RUNS_PATH = '/runs';
