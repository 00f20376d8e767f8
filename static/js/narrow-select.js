// A search box above each select[data-narrow]: typing leaves only the options that contain the text.
(function () {
  'use strict';

  function narrow(select, options, text) {
    const kept = select.value;
    const fitting = options.filter(function (option) {
      return !option.value || option.selected || option.textContent.includes(text);
    });
    select.replaceChildren.apply(select, fitting);
    select.value = kept;
    const found = fitting.filter(function (option) { return option.value && option.textContent.includes(text); });
    if (text && found.length === 1) {
      select.value = found[0].value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }

  document.querySelectorAll('select[data-narrow]').forEach(function (select) {
    const options = Array.from(select.options);
    const box = document.createElement('input');
    box.type = 'search';
    box.className = 'form-control narrow';
    box.placeholder = select.dataset.narrow;
    box.setAttribute('aria-label', select.dataset.narrow);
    box.autocomplete = 'off';
    box.addEventListener('input', function () { narrow(select, options, box.value.trim()); });
    box.addEventListener('keydown', function (event) { if (event.key === 'Enter') event.preventDefault(); });
    select.before(box);
  });
})();
