// Draws each figure[data-chart] from its own table: one source for eye, screen reader and printer.
// Canvas renderer and rich-text tooltips keep to a CSP without unsafe-inline.
(function () {
  'use strict';
  var charts = [];
  function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function read(table) {
    var heads = [].map.call(table.tHead.rows[0].cells, function (c) { return c.textContent; }).slice(1);
    var names = [], series = heads.map(function () { return []; });
    [].forEach.call(table.tBodies[0].rows, function (row) {
      names.push(row.cells[0].textContent);
      heads.forEach(function (_, i) { var v = row.cells[i + 1].textContent.replace(/[,%]/g, ''); series[i].push(v === '' || v === '—' ? null : Number(v)); });
    });
    return { heads: heads, names: names, series: series };
  }
  function look(figure) {
    if (figure.closest('.wall')) return { size: 20, ink: '#b7c7d5', line: '#223242', colors: ['#5aa9d6', '#74d1ba', '#f0c36a'], sheet: '#121e29' };
    return { size: 13, ink: css('--ink-2'), line: css('--line'), colors: [css('--dian'), css('--pine'), css('--ochre')], sheet: css('--sheet') };
  }
  function draw(figure, chart) {
    var data = read(figure.querySelector('table')), l = look(figure), bars = figure.dataset.chart === 'bar';
    var font = getComputedStyle(document.body).fontFamily, marks = ['circle', 'rect', 'triangle'];
    chart.setOption({
      animation: false, color: l.colors, textStyle: { fontFamily: font, fontSize: l.size, color: l.ink },
      grid: { left: 8, right: bars ? 24 : l.size * 5.6, top: 14, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', renderMode: 'richText', backgroundColor: l.sheet, borderColor: l.line, textStyle: { color: l.ink, fontFamily: font } },
      xAxis: { type: 'category', data: data.names, boundaryGap: bars, axisLine: { lineStyle: { color: l.line } }, axisTick: { show: false }, axisLabel: { color: l.ink, fontSize: l.size } },
      yAxis: { type: 'value', splitNumber: 3, splitLine: { lineStyle: { color: l.line } }, axisLabel: { color: l.ink, fontSize: l.size } },
      series: data.series.map(function (values, i) {
        return { name: data.heads[i], type: bars ? 'bar' : 'line', data: values, barMaxWidth: 26, symbol: marks[i], symbolSize: l.size * .55, lineStyle: { width: 2.5, type: ['solid', 'solid', 'dashed'][i] },
          endLabel: { show: !bars, formatter: '{a}', color: l.colors[i], fontSize: l.size, distance: 8 }, labelLayout: { moveOverlap: 'shiftY' } };
      })
    }, true);
  }
  document.querySelectorAll('[data-chart]').forEach(function (figure) {
    var chart = window.echarts.init(figure.querySelector('.chart'), null, { renderer: 'canvas' });
    charts.push([figure, chart]); draw(figure, chart);
  });
  window.addEventListener('resize', function () { charts.forEach(function (c) { c[1].resize(); }); });
  document.addEventListener('themechange', function () { charts.forEach(function (c) { draw(c[0], c[1]); }); });
})();
