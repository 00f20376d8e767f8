// Runs in <head>, before the first paint: the stored choice of light or dark, else what the system asks for.
(function () {
  'use strict';
  const root = document.documentElement;
  let kept = null;
  try { kept = localStorage.getItem('theme'); } catch (error) { /* storage switched off: follow the system */ }
  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.bsTheme = kept || (dark ? 'dark' : 'light');
  try { root.classList.toggle('large-print', localStorage.getItem('large-print') === 'yes'); } catch (error) { /* normal size */ }
  root.classList.add('has-js');
})();
