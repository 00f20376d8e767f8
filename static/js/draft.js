// What is typed is saved by itself; where it was not, the page says so and tries again: data-saves on what posts it.
// The answer of a server that is out of breath is asked for again, later each time; a refused one is not. Of a session
// that has ended the words stay on the page, nowhere else: data-token gives the token of a new sign-in, data-writer says
// whose words these are, and with those the page goes on saving. Nothing is kept in the browser's own store, which on an
// office computer the next person could read.
(function () {
  'use strict';
  const FIRST = 2, LONGEST = 60, DOOR_EVERY = 30; // seconds

  function watch(said) {
    let wait = FIRST, timer = 0, lost = false, signedOut = false, renewed = false, leaving = false, door = '';
    // Gone back to, the browser would put the old words into a new form, to be registered twice: where they are kept by
    // us it is not to. Where they are not, its memory is the last that a reload leaves.
    function leaveToTheBrowser(yes) { said.closest('form').autocomplete = yes ? 'on' : 'off'; }
    function isRefused() { return Boolean(said.querySelector('[data-refused]')); }
    leaveToTheBrowser(!said.querySelector('input[name="drafted"]'));

    function say(words) {
      Array.from(said.childNodes).forEach(function (part) { if (part.nodeName !== 'INPUT') part.remove(); });
      const text = document.createElement('b');
      text.textContent = words;
      said.append(text);
      if (!signedOut || !door) return;
      const way = document.createElement('a');
      way.href = door;
      way.target = '_blank';
      way.rel = 'noopener';
      way.textContent = '在新窗口登录';
      said.append(' ', way);
    }
    function later(seconds, act) {
      window.clearTimeout(timer);
      timer = window.setTimeout(act, seconds * 1000);
    }
    function save() {
      window.clearTimeout(timer);
      window.htmx.trigger(said, 'save-again');
    }
    function tryAgain() {
      later(wait, save);
      wait = Math.min(2 * wait, LONGEST);
    }

    function put(token) {
      document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach(function (field) { field.value = token; });
      document.body.setAttribute('hx-headers', JSON.stringify({ 'X-CSRFToken': token }));
    }
    // Asked as a part of the page and as a timer: a session that has ended answers 401 in place, one that runs is not prolonged.
    function renew() {
      later(DOOR_EVERY, renew);
      fetch(said.dataset.token, { headers: { 'HX-Request': 'true', 'X-Poll': '1' } }).then(function (answer) {
        return answer.ok ? answer.json() : null;
      }).then(function (now) {
        if (!now || !lost) return;
        if (now.writer !== said.dataset.writer) {
          window.clearTimeout(timer);
          signedOut = false;
          return say('没有存上：现在登录的是另一个人。请用您自己的账号登录，再回到这一页。');
        }
        put(now.token);
        renewed = true;
        save();
      }).catch(function () { /* no line: asked again by the timer */ });
    }

    function refused(status) {
      if (status === 401 || (status === 403 && !renewed)) {
        signedOut = true;
        say('没有存上：登录已经结束。填的还在这一页，先别关；重新登录后回到这里，就接着存。');
        return status === 403 ? renew() : later(DOOR_EVERY, renew);
      }
      if (status >= 400 && status < 500) {
        window.clearTimeout(timer);
        return say('没有存上，先别关这一页。请直接点登记；还不行就告诉管理员。');
      }
      if (status) say('没有存上：服务器没有办成。先别关这一页，会自动再存。');
      else if (navigator.onLine) say('没有存上：服务器没有回应。先别关这一页，会自动再存。');
      else say('没有存上：连不上网。先别关这一页，也先别登记，网通了接着存。');
      tryAgain();
    }

    said.addEventListener('htmx:afterRequest', function (event) {
      if (event.detail.elt !== said) return;
      lost = !event.detail.successful || isRefused();
      said.toggleAttribute('data-lost', lost);
      leaveToTheBrowser(lost || !said.querySelector('input[name="drafted"]'));
      if (!event.detail.successful) return refused(event.detail.xhr.status);
      window.clearTimeout(timer);
      wait = FIRST;
      signedOut = renewed = false;
    });
    document.addEventListener('session-over', function (event) { door = event.detail.door; });
    window.addEventListener('online', function () { if (lost) save(); });
    // Back from the window in which one signed in.
    window.addEventListener('focus', function () { if (lost && said.textContent.includes('登录')) renew(); });
    document.addEventListener('submit', function (event) { leaving = leaving || !event.defaultPrevented; });
    window.addEventListener('pageshow', function (event) { if (event.persisted) leaving = false; });
    window.addEventListener('beforeunload', function (event) { if (lost && !leaving) event.preventDefault(); });
  }

  // Gone back to, the page stands as it was before it was sent, its warnings too: it asks whether it was registered.
  let asked = false;
  function show(sent) {
    window.history.scrollRestoration = 'manual'; // the browser would go back, after this, to where the page stood
    sent.focus();
  }
  function askAgain(persisted) {
    const known = document.getElementById('known');
    // what the page said of another form when it was opened is no answer for its own
    const told = document.querySelector(persisted ? '#sent[data-sent]' : '#sent:not([hidden])');
    if (told) return window.setTimeout(function () { show(told); }); // where the page stood before, it is not seen
    if (!known) return;
    asked = true;
    window.htmx.ajax('POST', known.getAttribute('hx-post'), { source: known, target: known, values: { again: '1' } });
  }
  // Whichever request brought the answer: while one is under way the page's own question waits behind it.
  document.addEventListener('htmx:afterSettle', function () {
    const sent = document.querySelector('[data-sent]');
    if (!sent) return;
    document.querySelectorAll('[data-unsent]').forEach(function (part) { part.remove(); });
    if (asked) show(sent);
    asked = false;
  });
  window.addEventListener('pageshow', function (event) {
    const came = window.performance.getEntriesByType('navigation')[0];
    if (event.persisted || (came && came.type === 'back_forward')) askAgain(event.persisted);
  });

  document.querySelectorAll('[data-saves]').forEach(watch);
})();
