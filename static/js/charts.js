// Draws each figure[data-chart] from its own table: one source for eye, screen reader and printer.
// Canvas renderer and rich-text tooltips keep to a policy without unsafe-inline.
(function () {
  'use strict';
  const MARKS = ['circle', 'rect', 'triangle'];
  const STROKES = ['solid', 'solid', 'dashed'];
  const drawn = new Map();

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function figureOf(text) {
    const plain = text.replace(/[,%]/g, '').trim();
    return plain === '' || plain === '—' ? null : Number(plain);
  }

  // {heads: series names, names: categories, series: one list of numbers a series}
  function read(table) {
    const rows = Array.from(table.tBodies[0].rows);
    const heads = Array.from(table.tHead.rows[0].cells).slice(1).map(function (cell) { return cell.textContent.trim(); });
    return {
      heads: heads,
      names: rows.map(function (row) { return row.cells[0].textContent.trim(); }),
      series: heads.map(function (_, n) { return rows.map(function (row) { return figureOf(row.cells[n + 1].textContent); }); }),
    };
  }

  function look(figure) {
    if (figure.closest('.wall')) {
      return { size: 20, ink: '#b7c7d5', line: '#223242', colors: ['#5aa9d6', '#74d1ba', '#f0c36a'], sheet: '#121e29' };
    }
    return { size: 13, ink: token('--ink-2'), line: token('--line'), colors: [token('--dian'), token('--pine'), token('--ochre')], sheet: token('--sheet') };
  }

  // How far each line's end label moves so that labels of lines ending close together stand apart inside the chart.
  function apart(figure, series, size) {
    const height = figure.querySelector('.chart').clientHeight - size * 3;
    const step = size * 1.4;
    const most = Math.max(1, ...series.flat());
    const places = series.map(function (values, n) {
      const end = values.filter(function (value) { return value !== null; }).pop() || 0;
      return { n: n, line: height * (1 - end / most), label: height * (1 - end / most) };
    }).sort(function (a, b) { return a.line - b.line; });
    places.forEach(function (place, rank) {
      if (rank) place.label = Math.max(place.label, places[rank - 1].label + step);
    });
    places.reduceRight(function (below, place) {
      place.label = Math.min(place.label, below);
      return place.label - step;
    }, height);
    return places.reduce(function (moves, place) { moves[place.n] = place.label - place.line; return moves; }, []);
  }

  function options(figure) {
    const data = read(figure.querySelector('table'));
    const style = look(figure);
    const bars = figure.dataset.chart === 'bar';
    const font = getComputedStyle(document.body).fontFamily;
    const words = { color: style.ink, fontSize: style.size };
    const moves = apart(figure, data.series, style.size);
    return {
      animation: false,
      color: style.colors,
      textStyle: { fontFamily: font, fontSize: style.size, color: style.ink },
      legend: { show: bars && data.heads.length > 1, left: 0, top: 0, icon: 'rect', itemWidth: 12, itemHeight: 12, selectedMode: false, textStyle: words },
      grid: { left: 8, right: bars ? 24 : style.size * 5.6, top: bars && data.heads.length > 1 ? style.size * 2.6 : 14, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', renderMode: 'richText', backgroundColor: style.sheet, borderColor: style.line, textStyle: { color: style.ink, fontFamily: font } },
      xAxis: { type: 'category', data: data.names, boundaryGap: bars, axisLine: { lineStyle: { color: style.line } }, axisTick: { show: false }, axisLabel: words },
      yAxis: { type: 'value', splitNumber: 3, minInterval: 1, splitLine: { lineStyle: { color: style.line } }, axisLabel: words },
      series: data.series.map(function (values, n) {
        return {
          name: data.heads[n],
          type: bars ? 'bar' : 'line',
          data: values,
          barMaxWidth: 26,
          symbol: MARKS[n],
          symbolSize: style.size * 0.55,
          lineStyle: { width: 2.5, type: STROKES[n] },
          endLabel: { show: !bars, formatter: '{a}', color: style.colors[n], fontSize: style.size, distance: 8, offset: [0, moves[n]] },
          labelLayout: { moveOverlap: 'shiftY' },
        };
      }),
    };
  }

  function drawAll() {
    document.querySelectorAll('figure[data-chart]').forEach(function (figure) {
      if (!drawn.has(figure)) {
        drawn.set(figure, window.echarts.init(figure.querySelector('.chart'), null, { renderer: 'canvas' }));
      }
      drawn.get(figure).setOption(options(figure), true);
    });
  }

  // Charts whose figure was swapped away are let go.
  function letGo() {
    drawn.forEach(function (chart, figure) {
      if (!figure.isConnected) { chart.dispose(); drawn.delete(figure); }
    });
  }

  drawAll();
  window.addEventListener('resize', function () { drawn.forEach(function (chart) { chart.resize(); }); });
  document.addEventListener('themechange', drawAll);
  document.addEventListener('htmx:afterSettle', function () { letGo(); drawAll(); });
})();
