import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Pages load when they are opened, which takes its time where all packages are tested
// at once. These bounds only end what hangs.
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

/** Nothing comes into view by itself: what waits for that is tried in the browser. */
class StillObserver implements IntersectionObserver {
  readonly root = null;
  readonly rootMargin = '';
  readonly thresholds = [];
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}
window.IntersectionObserver = StillObserver;
