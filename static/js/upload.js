// Sends each chosen file by itself and shows how far it is: input[data-upload] names the address, data-list the list
// that takes the answers, data-with the fields that go along. Without it the files are sent with the form.
// A form whose files are still on their way is held once: what has not arrived would be missing from it.
(function () {
  'use strict';
  const MEGABYTE = 1024 * 1024;
  const CUT_OFF = '没有传完：网络断了。文件还在手机里，请再选一次。';

  function line(list, name) {
    const item = document.createElement('li'), text = document.createElement('span'), bar = document.createElement('progress');
    text.textContent = name;
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute('aria-label', name);
    item.className = 'upload';
    item.append(text, bar);
    list.append(item);
    return item;
  }

  function refuse(item, words) {
    const text = document.createElement('span');
    text.className = 'err';
    text.setAttribute('role', 'alert');
    text.textContent = words;
    item.replaceChildren(text);
  }

  function lineIn(html) {
    return new DOMParser().parseFromString(html, 'text/html').body.querySelector('li');
  }

  function answer(item, request) {
    const type = request.getResponseHeader('Content-Type') || '';
    if (!type.startsWith('text/html') || ![200, 422].includes(request.status)) {
      return refuse(item, item.dataset.name + '：' + (request.status === 413 ? item.dataset.tooLarge : '没有存下，请再试一次；还不行就告诉管理员。'));
    }
    const answered = lineIn(request.responseText);
    if (!answered) return refuse(item, item.dataset.name + '：没有存下，请重新登录后再试。');
    item.replaceWith(answered);
    if (window.htmx) window.htmx.process(answered);
  }

  // The file with its line; nothing for one that is too large, which is said at once.
  function chosen(input, file) {
    const item = line(document.querySelector(input.dataset.list), file.name), limit = Number(input.dataset.limit);
    item.dataset.name = file.name;
    item.dataset.tooLarge = '超过 ' + Math.round(limit / MEGABYTE) + ' MB，没有传。照片可以先压缩，或分几次上传。';
    if (file.size <= limit) return { file: file, item: item };
    refuse(item, file.name + '：' + item.dataset.tooLarge);
    return null;
  }

  function hold(list, event) {
    const left = !list ? 0 : list.querySelectorAll('progress').length;
    if (!left || list.querySelector('[data-held]')) return;
    event.preventDefault();
    const item = document.createElement('li'), text = document.createElement('span');
    item.className = 'upload';
    item.dataset.held = '';
    text.className = 'err';
    text.setAttribute('role', 'alert');
    text.textContent = '还有 ' + left + ' 份没有传完，等传完再点。再点一次就不等了，没传完的不会存下。';
    item.append(text);
    list.append(item);
    item.scrollIntoView({ block: 'center' });
  }

  // What a file is sent with: the fields that say where it belongs.
  function along(input) {
    const data = new FormData(), fields = input.form.elements;
    ['csrfmiddlewaretoken'].concat((input.dataset.with || '').split(' ').filter(Boolean)).forEach(function (name) { data.append(name, fields[name].value); });
    return data;
  }
  function belonging(data) {
    return JSON.stringify(Array.from(data).filter(function (pair) { return !['csrfmiddlewaretoken', 'file'].includes(pair[0]); }));
  }

  // A save that is on its way may set the form apart, and has not listed what is answered meanwhile: its end comes first.
  function afterSaving(form, act) {
    const saving = form.querySelector('[data-saves].htmx-request');
    if (!saving) return act();
    saving.addEventListener('htmx:afterRequest', function () { afterSaving(form, act); }, { once: true });
  }

  // Out of the form it was sent with, which is another window's now; where that was registered meanwhile, it is said.
  function takeBack(input, request, sent, item, done) {
    const line = request.status === 200 && lineIn(request.responseText), kept = line && line.querySelector('input[name="attached"]');
    if (!kept) return done();
    sent.delete('file');
    sent.set('csrfmiddlewaretoken', input.form.elements.csrfmiddlewaretoken.value);
    sent.append('drop_file', kept.value);
    fetch(input.dataset.upload, { method: 'POST', body: sent }).then(function (told) {
      return told.status === 422 ? told.text() : '';
    }).then(function (html) {
      const said = lineIn(html);
      if (said) item.before(said);
    }).then(done, done);
  }

  function send(input, one, done) {
    const file = one.file, item = one.item, request = new XMLHttpRequest(), data = along(input);
    data.append('file', file, file.name);
    request.upload.addEventListener('progress', function (event) {
      if (event.lengthComputable) item.querySelector('progress').value = Math.round(100 * event.loaded / event.total);
    });
    request.addEventListener('load', function () {
      afterSaving(input.form, function () {
        // the form was set apart meanwhile: once more, to its own
        if (belonging(along(input)) !== belonging(data)) return takeBack(input, request, data, item, function () { send(input, one, done); });
        answer(item, request);
        done();
      });
    });
    request.addEventListener('error', function () { refuse(item, file.name + '：' + CUT_OFF); done(); });
    request.open('POST', input.dataset.upload);
    request.setRequestHeader('X-Upload', '1');
    request.send(data);
  }

  // Taken away by hand: no save lists it from now on, and one that already does comes first, or it would say it is lost.
  function leaving(button) {
    return button.name === 'drop_file' && button.form ? button.closest('li').querySelector('input[name="attached"]') : null;
  }
  document.addEventListener('htmx:confirm', function (event) {
    const listed = leaving(event.target);
    if (!listed) return;
    event.preventDefault();
    listed.disabled = true;
    afterSaving(event.target.form, function () { event.detail.issueRequest(true); });
  });
  document.addEventListener('htmx:afterRequest', function (event) {
    const listed = leaving(event.target);
    if (listed && !event.detail.successful) listed.disabled = false;
  });

  document.querySelectorAll('input[data-upload]').forEach(function (input) {
    let waiting = [], busy = false;
    const list = document.querySelector(input.dataset.list);
    function next() {
      busy = waiting.length > 0;
      if (!list.querySelector('progress')) list.querySelectorAll('[data-held]').forEach(function (held) { held.remove(); });
      if (busy) send(input, waiting.shift(), next);
    }
    input.removeAttribute('name'); // each file goes by itself, not once more with the form
    input.required = false;
    input.form.addEventListener('submit', function (event) { if (!event.defaultPrevented) hold(list, event); });
    input.addEventListener('change', function () {
      waiting = waiting.concat(Array.from(input.files, function (file) { return chosen(input, file); }).filter(Boolean));
      input.value = '';
      if (!busy) next();
    });
  });
})();
