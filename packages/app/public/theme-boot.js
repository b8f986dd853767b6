// Runs before the first paint: without it, a dark portal would flash white while the
// app loads. It is a file of its own because the content security policy refuses
// inline scripts.
(function setThemeBeforeFirstPaint() {
  let chosen = null;
  try {
    chosen = window.localStorage.getItem('theme');
  } catch {
    // Storage is switched off: follow the system.
  }
  const dark =
    chosen === 'dark' ||
    (chosen !== 'light' &&
      window.matchMedia('(prefers-color-scheme: dark)').matches);
  const root = document.documentElement;
  root.setAttribute('data-theme-name', 'portico');
  root.setAttribute('data-theme-mode', dark ? 'dark' : 'light');
})();
