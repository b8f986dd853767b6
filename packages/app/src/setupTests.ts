import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Pages load when they are opened, which takes its time where all packages are tested
// at once. These bounds only end what hangs.
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

// jsdom lays nothing out, so it has no media either: a light system that stays so.
window.matchMedia = query =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
