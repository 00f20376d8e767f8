// A button that writes where the phone is into the two fields of a position; without it they are typed or left empty.
(function () {
  'use strict';

  const latitude = document.querySelector('input[name=latitude]');
  const longitude = document.querySelector('input[name=longitude]');
  if (!latitude || !longitude || !navigator.geolocation || !window.isSecureContext) return;

  const button = document.createElement('button');
  const said = document.createElement('p');
  button.type = 'button';
  button.className = 'btn btn-quiet mb-3';
  button.textContent = '取手机现在的位置';
  said.className = 'meta';
  said.setAttribute('role', 'status');

  function found(place) {
    latitude.value = place.coords.latitude.toFixed(6);
    longitude.value = place.coords.longitude.toFixed(6);
    said.textContent = '已填上，误差约 ' + Math.round(place.coords.accuracy) + ' 米。';
  }

  function failed() {
    said.textContent = '没有取到位置。可以写位置说明，或者不填。';
  }

  button.addEventListener('click', function () {
    said.textContent = '正在取……';
    navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 15000 });
  });
  latitude.closest('.mb-3, div').before(button, said);
})();
