// Runs before the first paint: without it, a dark portal would flash white while the
// app loads. It is a file of its own because the content security policy refuses
// inline scripts.
(function setThemeBeforeFirstPaint() {
  var chosen = null;
  try {
    chosen = window.localStorage.getItem('theme');
  } catch (error) {
    // Storage is switched off: follow the system.
  }
  var dark =
    chosen === 'dark' ||
    (chosen !== 'light' &&
      window.matchMedia('(prefers-color-scheme: dark)').matches);
  var root = document.documentElement;
  root.setAttribute('data-theme-name', 'portico');
  root.setAttribute('data-theme-mode', dark ? 'dark' : 'light');
})();
