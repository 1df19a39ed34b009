// Chart: a share by month as a line, with how many claims there were: as page_chart.py draws it, as wide as the page is.

const SVG = 'http://www.w3.org/2000/svg';

function drawn(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * Draw months ({name, claims, whole, parts: {line: count}}) into a place. `lines` are [line, its words, its class], the chief one
 * last; `failing`: more is worse.
 */
function drawTrend(place, months, lines, failing, words) {
  place.replaceChildren();
  const shown = months.filter((one) => isMonth(one.name) && one.whole);
  if (shown.length < 2) return;
  const width = Math.max(300, Math.min(860, place.clientWidth || 860));
  const [left, right, top, plot, gap, volume, foot] = [44, 52, 18, width < 500 ? 150 : 210, 30, 34, 22];
  const height = top + plot + gap + volume + foot;
  const percentsOf = ([line]) => shown.map((one) => 100 * one.parts[line] / one.whole);
  const every = lines.flatMap(percentsOf);
  const low = Math.max(0, Math.floor((Math.min(...every) - 2) / 10) * 10);
  const high = Math.max(low + 10, Math.min(100, Math.ceil((Math.max(...every) + 2) / 10) * 10));
  const tickStep = high - low <= 20 ? 5 : high - low <= 50 ? 10 : 20;
  const step = (width - left - right) / shown.length;
  const x = (at) => left + step * (at + 0.5);
  const y = (percent) => top + plot * (1 - (percent - low) / (high - low));
  const svg = drawn('svg', { class: failing ? 'trend failing' : 'trend', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': words });
  for (let tick = low; tick <= high; tick += tickStep) {
    svg.append(drawn('line', { class: 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
    svg.append(drawn('text', { class: 'tick', x: left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, `${tick}%`));
  }
  const most = Math.max(...shown.map((one) => one.claims));
  const ground = top + plot + gap + volume;
  shown.forEach((one, at) => {
    const size = volume * one.claims / most;
    svg.append(drawn('rect', { class: 'volume', x: x(at) - step * 0.3, width: step * 0.6, y: ground - size, height: size }));
  });
  svg.append(drawn('text', { class: 'tick', x: left, y: ground - volume - 6 }, `Claims per month, at most ${grouped(most)}`));
  for (const line of lines) {
    const [name, what, mark] = line;
    const percents = percentsOf(line);
    const chief = line === lines[lines.length - 1];
    const path = shown.map((one, at) => {
      const joined = at > 0 && monthPlace(one.name) === monthPlace(shown[at - 1].name) + 1;
      return `${joined ? 'L' : 'M'}${x(at)} ${y(percents[at])}`;
    });
    svg.append(drawn('path', { class: `line ${mark}`, d: path.join(' ') }));
    const extreme = percents.indexOf(failing ? Math.max(...percents) : Math.min(...percents));
    shown.forEach((one, at) => {
      const said = share(one.parts[name], one.whole);
      const point = drawn('circle', { class: `point ${mark}`, cx: x(at), cy: y(percents[at]), r: chief ? 4 : 3 });
      point.append(drawn('title', {}, `${monthLabel(one.name)}: ${said} of ${many(one.whole, 'claim')} ${what}`));
      svg.append(point);
      const [right, middle] = [{ x: x(at) + 9, y: y(percents[at]) + 4 }, { x: x(at), y: y(percents[at]) + (failing || y(percents[at]) + 18 >= top + plot ? -10 : 18), 'text-anchor': 'middle' }];
      if (at === shown.length - 1) svg.append(drawn('text', { class: 'said', ...right }, said));
      else if (chief && at === extreme) svg.append(drawn('text', { class: 'said', ...middle }, said));
    });
  }
  const everyName = Math.max(1, Math.ceil(62 / step));
  shown.forEach((one, at) => {
    if (at % everyName) return;
    svg.append(drawn('text', { class: 'tick', x: x(at), y: height - 6, 'text-anchor': 'middle' }, monthLabel(one.name)));
  });
  place.append(svg);
}
