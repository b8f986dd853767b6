import '@testing-library/jest-dom';

// jsdom lays nothing out, so it has no media either: a light system that stays so.
window.matchMedia = query =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
