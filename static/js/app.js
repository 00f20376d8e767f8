// Behaviour shared by all pages. Everything here is an extra: each page works without it.
(function () {
  'use strict';
  const root = document.documentElement;
  const TOAST_SECONDS = 8;

  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { /* storage switched off: holds for this page only */ }
  }

  const presses = {
    'data-theme-toggle': function () {
      root.dataset.bsTheme = root.dataset.bsTheme === 'dark' ? 'light' : 'dark';
      keep('theme', root.dataset.bsTheme);
      document.dispatchEvent(new Event('themechange'));
    },
    'data-large-print': function () {
      keep('large-print', root.classList.toggle('large-print') ? 'yes' : 'no');
    },
    'data-open': function (button, event) {
      const dialog = document.getElementById(button.dataset.open);
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
    },
    'data-close': function (button) { button.closest('dialog').close(); },
    'data-dismiss': function (button) { button.closest('.toast-item, .note').remove(); },
    'data-print': function () { window.print(); },
    'data-fill': function (button) { fill(JSON.parse(button.dataset.fill)); },
  };

  // {"id_username": "clerk", …}: puts each value in its field, then stands in the last one.
  function fill(values) {
    Object.keys(values).forEach(function (id) {
      const field = document.getElementById(id);
      field.value = values[id];
      field.dispatchEvent(new Event('change', { bubbles: true }));
      field.focus();
    });
  }

  document.addEventListener('click', function (event) {
    document.querySelectorAll('details.due[open], details.menu[open]').forEach(function (details) {
      if (!details.contains(event.target)) details.open = false;
    });
    Object.keys(presses).forEach(function (name) {
      const button = event.target.closest('[' + name + ']');
      if (button) presses[name](button, event);
    });
  });

  document.addEventListener('keydown', function (event) {
    const palette = document.getElementById('palette');
    if (palette && palette.showModal && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (!palette.open) palette.showModal();
    }
    if (event.key === 'Escape' && event.target.matches('input[data-escape]')) {
      event.target.value = event.target.defaultValue;
      event.target.blur();
    }
    if (event.key === 'Escape') {
      document.querySelectorAll('details.due[open], details.menu[open]').forEach(function (details) {
        details.open = false;
        details.querySelector('summary').focus();
      });
    }
  });

  // A second press of a submitting button would send the form twice.
  document.addEventListener('submit', function (event) {
    const button = event.submitter;
    if (event.defaultPrevented || !button || event.target.method === 'dialog') return;
    if ('download' in event.target.dataset) return; // a download leaves the page standing
    window.setTimeout(function () { button.setAttribute('aria-busy', 'true'); });
  });
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('[aria-busy="true"][type="submit"], button[aria-busy="true"]:not([type])').forEach(function (button) {
      button.removeAttribute('aria-busy');
    });
  });

  // Results fade by themselves; what went wrong stays until it is closed.
  function letFade(toast) {
    let wait = TOAST_SECONDS;
    const tick = window.setInterval(function () {
      if (!toast.isConnected) return window.clearInterval(tick);
      if (toast.matches(':hover') || toast.contains(document.activeElement)) { wait = TOAST_SECONDS; return; }
      wait -= 1;
      if (wait <= 0) { window.clearInterval(tick); toast.remove(); }
    }, 1000);
  }
  function watchToasts() {
    document.querySelectorAll('.toast-item:not(.is-stop):not([data-fading])').forEach(function (toast) {
      if (!toast.closest('.toasts')) return;
      toast.dataset.fading = '';
      letFade(toast);
    });
  }
  watchToasts();

  // The session has ended while the page stands: say so and stay, or what is typed would be lost.
  document.addEventListener('session-over', function (event) {
    const place = document.getElementById('toasts');
    if (!place || place.querySelector('[data-session-over]')) return;
    const note = document.createElement('div'), text = document.createElement('div'), door = document.createElement('a');
    note.className = 'toast-item is-stop';
    note.dataset.sessionOver = '';
    note.setAttribute('role', 'alert');
    text.textContent = '登录已经结束。这一页填的都还在：先重新登录，再回来接着填。';
    door.href = event.detail.door;
    door.target = '_blank';
    door.rel = 'noopener';
    door.textContent = '在新窗口登录';
    text.append(' ', door);
    note.append(text);
    place.append(note);
  });

  // What an answer will replace is not typed into while it is on its way: data-holds="#a, #b" on what asks for it.
  function holding(event, held) {
    const holds = event.detail.elt.dataset.holds;
    if (holds) document.querySelectorAll(holds).forEach(function (part) { part.inert = held; });
  }
  document.addEventListener('htmx:beforeRequest', function (event) { holding(event, true); });
  document.addEventListener('htmx:afterRequest', function (event) { holding(event, false); });

  // After a swap the reader stands on the heading of what changed; a form that came back stands on its errors.
  document.addEventListener('htmx:afterSettle', function (event) {
    watchToasts();
    const swapped = event.detail.elt;
    const lost = !document.activeElement || document.activeElement === document.body;
    const target = swapped.querySelector('.err-sum, [data-focus]') || (lost && swapped.matches('[data-refocus]') ? swapped : null);
    if (target) { target.setAttribute('tabindex', '-1'); target.focus(); }
  });
  const refused = 'form[method="post"] ';
  const wrong = document.querySelector(refused + '.err-sum, ' + refused + '[data-asks]') || document.querySelector(refused + '[aria-invalid="true"]');
  if (wrong) wrong.focus();

  // Opened deadlines near the right edge open to the left.
  document.addEventListener('toggle', function (event) {
    const card = event.target.matches && event.target.matches('details.due[open]') && event.target.querySelector('.due-card');
    if (card) card.classList.toggle('at-right', card.classList.contains('at-right') || card.getBoundingClientRect().right > root.clientWidth);
  }, true);
})();
