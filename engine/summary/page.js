// Page: what the page is narrowed to, kept in the address so that Back works, and everything drawn anew when it changes.

const PAGE = matchMedia('(max-width: 44rem)').matches ? 10 : 25;
const NAMES = ['payer', 'provider', 'month', 'rule'];
const byId = (name) => document.getElementById(name);
let filter = {};
let held = PAGE;

function filterInAddress() {
  const found = {};
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    const known = name === 'rule' ? ruleNumbers.has(value) : AXES.includes(name) && data.names[name].includes(value);
    if (known) found[name] = value;
  }
  return found;
}

/** Narrow the page by one name, or no longer; `goTo` is the heading to which the page then goes. */
function narrow(name, value, goTo) {
  const next = { ...filter };
  if (value === null || value === '') delete next[name];
  else next[name] = value;
  const hash = new URLSearchParams(NAMES.filter((one) => one in next).map((one) => [one, next[one]])).toString();
  history.pushState(null, '', `#${hash}`);
  filter = next;
  held = PAGE;
  draw();
  if (goTo && value !== null) {
    byId(goTo).setAttribute('tabindex', '-1');
    byId(goTo).focus({ preventScroll: true });
    byId(goTo).scrollIntoView({ block: 'start' });
  }
}

const without = (name) => Object.fromEntries(Object.entries(filter).filter(([key]) => key !== name));
const isNarrow = () => NAMES.some((name) => name in filter);

const choosing = (axis, goTo) => (key) => narrow(axis, key, goTo);
const tables = {
  rules: new TableView('rules', choosing('rule', 'h-claims'), () => filter.rule),
  payers: new TableView('payers', choosing('payer', 'h-rules'), () => filter.payer),
  providers: new TableView('providers', choosing('provider', 'h-rules'), () => filter.provider),
  months: new TableView('months', choosing('month', 'h-rules'), () => filter.month),
  outcomes: new TableView('outcomes'),
  facts: new TableView('facts'),
  gaps: new TableView('gaps'),
  rejects: new TableView('rejects'),
};

function draw() {
  const whole = splits('', filter)[0] || emptySplit('');
  drawTiles(whole);
  drawStatus(whole);
  const rows = (name, count) => (isNarrow() ? count() : data.tables[name].rows);
  tables.rules.show(rows('rules', () => ruleRows(filter)));
  for (const [name, axis] of [['payers', 'payer'], ['providers', 'provider'], ['months', 'month']]) {
    tables[name].show(rows(name, () => (axis === 'month' ? splits(axis, without(axis)) : ranked(axis, without(axis)))));
  }
  tables.outcomes.show(rows('outcomes', () => outcomeRows(filter)));
  tables.facts.show(rows('facts', () => waitingRows('facts', data.facts, filter)));
  tables.gaps.show(rows('gaps', () => waitingRows('gaps', data.gaps, filter)));
  tables.rejects.show(data.tables.rejects.rows);
  drawChart();
  drawClaims();
  for (const name of NAMES) byId(`f-${name}`).value = filter[name] || '';
  byId('clear').disabled = !isNarrow();
}

function drawTiles(whole) {
  const part = (count) => `${share(count, whole.judged)} of claims`;
  const byRule = 'rule' in filter;
  const hard = outcomeRows(filter).filter((one) => ['reject', 'deny'].includes(one.key)).reduce((sum, one) => sum + one.claims, 0);
  const said = {
    clean: [share(whole.clean[0], whole.judged), `${grouped(whole.clean[0])} of ${many(whole.judged, 'claim')}`],
    failing: [grouped(whole.failing), byRule ? part(whole.failing) : `${part(whole.failing)}, ${grouped(hard)} rejected or denied`],
    touched: [dollars(whole.touched), byRule ? `${share(whole.touched, whole.cents)} of ${dollars(whole.cents)}` : `${dollars(whole.hard)} rejected or denied`],
    open: [grouped(whole.open), part(whole.open)],
    rejected: [grouped(data.rejected), isNarrow() ? 'in the whole batch' : 'not among the claims'],
  };
  for (const tile of byId('tiles').children) {
    const [figure, more] = said[tile.dataset.tile];
    tile.querySelector('.figure').textContent = figure;
    tile.querySelector('.more').textContent = more;
    if (tile.dataset.tile === 'failing') {
      tile.querySelector('dt').textContent = byRule ? `Claims that fail ${filter.rule}` : 'Claims with a failure';
    }
  }
}

const LABELS = { payer: 'payer', provider: 'provider', month: 'month', rule: 'rule' };

function drawStatus(whole) {
  const chosen = NAMES.filter((name) => name in filter).map((name) => `${LABELS[name]} ${name === 'month' && isMonth(filter[name]) ? monthLabel(filter[name]) : filter[name]}`);
  const rule = 'rule' in filter ? ' Failures and charges are those of this rule alone.' : '';
  byId('status').textContent = chosen.length
    ? `Narrowed to ${chosen.join(', ')}: ${many(whole.claims, 'claim')}.${rule}`
    : 'Choose a payer, provider, month or rule here or in a table: the whole page is narrowed to it.';
}

function drawChart() {
  const failing = 'rule' in filter;
  const months = splits('month', without('month')).map((one) => ({
    name: one.name,
    claims: one.claims,
    whole: one.judged,
    open: one.open,
    parts: { failing: one.failing, clean: one.clean[0], whole: one.judged - one.failing },
  }));
  const shown = months.filter((one) => isMonth(one.name) && one.whole);
  const what = failing ? `failing ${filter.rule}` : 'clean';
  const line = failing ? 'failing' : 'clean';
  const lines = [[line, what, '']];
  const open = !failing && shown.some((one) => one.open);
  if (open) lines.unshift(['whole', 'without a failure', 'whole']);
  let words = 'There are too few months to draw a line.';
  if (shown.length > 1) {
    const said = (one) => `${share(one.parts[line], one.whole)} in ${monthLabel(one.name)}`;
    words = `From ${said(shown[0]).replace(' in', ` ${what} in`)} to ${said(shown[shown.length - 1])}.`;
    if (open) words += ' The broken line also counts claims on which nothing failed but something was left open.';
    if (!isNarrow()) words = data.total.trend;
  }
  byId('h-trend').textContent = failing ? `Claims that fail ${filter.rule}, by month of service` : 'Clean claims by month of service';
  byId('trend-words').textContent = words;
  drawTrend(byId('trend'), months, lines, failing, words);
}

function drawClaims() {
  const status = byId('f-status').value;
  const { every, rows } = keptRows(status, filter);
  const shown = rows.slice(0, held);
  const noun = { fail: 'failed finding', unknown: 'finding that is not known', error: 'finding in error' }[status];
  let words = 'There are none.';
  if (every) {
    const all = many(every, noun).replace(/finding that is not knowns/, 'findings that are not known').replace(/finding in errors/, 'findings in error');
    words = rows.length === every
      ? `${all}, the highest charges first.`
      : `This page holds ${grouped(rows.length)} of ${all}: of each rule those with the highest charges. The query below finds all of them.`;
    if (shown.length < rows.length) words += ` ${grouped(shown.length)} are shown.`;
  }
  byId('claims-words').textContent = words;
  byId('query').textContent = query(status);
  byId('more').hidden = shown.length === rows.length;
  const heads = [['Claim', ''], ['Rule', 'wide'], ['About', 'wide'], ['Charge', 'money'], ['What was found', ''], ['Payer', 'wide'], ['Billing NPI', 'wide'], ['Service', 'wide']];
  const head = made('tr', {}, ...heads.map(([label, name]) => made('th', { scope: 'col', class: name || null }, label)));
  const body = made('tbody', {}, ...shown.map(claimRow));
  const table = made('table', { 'aria-labelledby': 'h-claims' }, made('thead', {}, head), body);
  byId('t-claims').replaceChildren(...(shown.length ? [table] : []));
}

function claimRow(one) {
  const rule = data.rules[one.rule];
  const follows = [one.outcome, one.adjustment].filter(Boolean).join(', ');
  const meta = [rule[0], dollars(one.cents), one.about, one.payer || 'no payer named', one.provider || 'no NPI', one.day || 'not known'].join(', ');
  const found = made('td', { class: 'found' }, one.message,
    made('span', { class: 'why' }, follows ? `${follows}: ${one.reason}` : one.reason), made('span', { class: 'meta' }, meta));
  return made('tr', {},
    made('th', { scope: 'row' }, one.claim),
    made('td', { class: 'wide rule', title: rule[1] }, rule[0]),
    made('td', { class: 'wide' }, one.about),
    made('td', { class: 'money' }, dollars(one.cents)),
    found,
    made('td', { class: 'wide' }, one.payer || 'none named'),
    made('td', { class: 'wide nowrap' }, one.provider || 'none named'),
    made('td', { class: 'wide nowrap' }, one.day || 'not known'));
}

/** How DuckDB finds all of what the claims are narrowed to, in the folder of the batch. */
function query(status) {
  const text = (value) => `'${String(value).replaceAll("'", "''")}'`;
  const where = [`f.status = ${text(status)}`];
  if ('rule' in filter) where.push(`f.rule = ${text(filter.rule)}`);
  const listed = (axis) => {
    const raw = data.raw[axis].filter((one) => one !== null).map(text).join(', ');
    return raw ? `c.${axis} NOT IN (${raw})` : `c.${axis} IS NOT NULL`;
  };
  for (const axis of ['payer', 'provider']) {
    if (!(axis in filter)) continue;
    const number = data.names[axis].indexOf(filter[axis]);
    if (number >= data.raw[axis].length) where.push(listed(axis));
    else where.push(data.raw[axis][number] === null ? `c.${axis} IS NULL` : `c.${axis} = ${text(filter[axis])}`);
  }
  if ('month' in filter) {
    const month = "strftime(c.service_date, '%Y-%m')";
    if (isMonth(filter.month)) where.push(`${month} = ${text(filter.month)}`);
    else if (isOther(filter.month)) where.push(`${month} NOT IN (${data.names.month.filter(isMonth).map(text).join(', ')})`);
    else where.push('c.service_date IS NULL');
  }
  return `SELECT f.claim_id, f.rule, f.outcome, f.amount, f.message, f.reason\nFROM 'findings/*.parquet' f JOIN 'claims/*.parquet' c USING (source, claim_number)\nWHERE ${where.join('\n  AND ')}\nORDER BY f.amount DESC NULLS LAST, f.claim_id, f.rule;`;
}

function fill(name, label, values, words) {
  const options = values.map((value) => made('option', { value }, words ? words(value) : value));
  byId(`f-${name}`).replaceChildren(made('option', { value: '' }, label), ...options);
  byId(`f-${name}`).addEventListener('change', (event) => narrow(name, event.target.value, null));
}

const present = (axis) => ranked(axis, {}).map((one) => one.name);
fill('payer', 'All payers', present('payer'));
fill('provider', 'All providers', present('provider'));
fill('month', 'All months', splits('month', {}).map((one) => one.name), (name) => (isMonth(name) ? monthLabel(name) : name));
fill('rule', 'All rules', ruleRows({}).map((one) => one.key), (rule) => `${rule}: ${data.rules[ruleNumbers.get(rule)][1]}`);
const statuses = [['fail', 'what failed'], ['unknown', 'what is not known'], ['error', 'what the engine could not decide']];
byId('f-status').replaceChildren(...statuses
  .filter(([status]) => status === 'fail' || keptRows(status, {}).every)
  .map(([status, label]) => made('option', { value: status }, label)));
byId('f-status').addEventListener('change', () => { held = PAGE; drawClaims(); });
byId('more').addEventListener('click', () => { held += PAGE; drawClaims(); });
byId('clear').addEventListener('click', () => {
  history.pushState(null, '', '#');
  filter = {};
  held = PAGE;
  draw();
});
byId('filters').addEventListener('submit', (event) => event.preventDefault());
byId('filters').hidden = false;
document.documentElement.classList.add('runs');
const follow = () => { filter = filterInAddress(); held = PAGE; draw(); };
addEventListener('popstate', follow);
let waiting = 0;
addEventListener('resize', () => { clearTimeout(waiting); waiting = setTimeout(drawChart, 150); });
follow();
