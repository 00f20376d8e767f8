// The court's queue by keyboard: J K move, O open, X tick, A claim; the dock says how many are ticked.
(function () {
  'use strict';
  const table = document.querySelector('[data-queue]');
  if (!table) return;
  const rows = Array.from(table.querySelectorAll('[data-queue-row]'));
  const batch = document.querySelector('[data-queue-batch]');

  function here() {
    return rows.findIndex(function (row) { return row.contains(document.activeElement); });
  }

  function go(step) {
    const at = Math.min(Math.max(here() + step, 0), rows.length - 1);
    const link = rows[at].querySelector('[data-queue-open]');
    link.focus();
    rows[at].scrollIntoView({ block: 'nearest' });
  }

  function press(selector) {
    const at = here();
    const thing = at < 0 ? null : rows[at].querySelector(selector);
    if (thing) thing.click();
  }

  const keys = {
    j: function () { go(1); },
    k: function () { go(-1); },
    o: function () { press('[data-queue-open]'); },
    x: function () { press('input[type="checkbox"]'); },
    a: function () { press('[data-queue-claim]'); },
  };

  document.addEventListener('keydown', function (event) {
    const act = keys[event.key.toLowerCase()];
    const typing = event.target.closest('input:not([type="checkbox"]), select, textarea, [contenteditable], dialog');
    if (!act || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    act();
  });

  function count() {
    const ticked = table.querySelectorAll('input[type="checkbox"]:checked');
    rows.forEach(function (row) {
      const box = row.querySelector('input[type="checkbox"]');
      row.classList.toggle('is-on', Boolean(box && box.checked));
    });
    if (!batch) return;
    const button = batch.querySelector('[data-queue-act]');
    button.disabled = ticked.length === 0;
    button.textContent = ticked.length ? button.dataset.queueAct + ' ' + ticked.length + ' 件' : button.dataset.queueAct + '所选';
    batch.querySelector('[data-queue-chosen]').textContent = ticked.length ? '已选 ' + ticked.length + ' 件' : '勾选要受理的';
  }
  table.addEventListener('change', count);
  window.addEventListener('pageshow', count);
  count();
})();
