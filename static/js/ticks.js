// form[data-ticks]: counts the ticked boxes while they change; "all" and "none", which are links, tick in place.
(function () {
  'use strict';

  document.querySelectorAll('form[data-ticks]').forEach(function (form) {
    const boxes = Array.from(form.querySelectorAll('input[type="checkbox"]'));
    const said = form.querySelector('[data-ticks-count]');

    function count() {
      if (said) said.textContent = boxes.filter(function (box) { return box.checked; }).length;
    }
    function tickOn(selector, ticked) {
      const link = form.querySelector(selector);
      if (!link) return;
      link.addEventListener('click', function (event) {
        event.preventDefault();
        boxes.forEach(function (box) { box.checked = ticked; });
        count();
      });
    }
    tickOn('[data-ticks-all]', true);
    tickOn('[data-ticks-none]', false);
    form.addEventListener('change', count);
    window.addEventListener('pageshow', count); // a browser that comes back to the page restores the boxes
    if (said) said.setAttribute('aria-live', 'polite');
    count();
  });
})();
