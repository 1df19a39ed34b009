// Counts: what the page holds, added up for what it is narrowed to: {payer, provider, month, rule}, each a name or absent.

const data = JSON.parse(document.getElementById('data').textContent);
const AXES = ['payer', 'provider', 'month'];
const ruleNumbers = new Map(data.rules.map(([rule], number) => [rule, number]));

/** Which cells belong to what the page is narrowed to, as an array of yes and no by the cell's number. */
function chosenCells(filter) {
  const wanted = AXES.map((axis) => (axis in filter ? data.names[axis].indexOf(filter[axis]) : null));
  return data.cells.map((parts) => parts.every((part, place) => wanted[place] === null || wanted[place] === part));
}

const emptySplit = (name) => ({
  key: name, name, claims: 0, judged: 0, clean: [0, 0], failing: 0, open: 0, cents: 0, touched: 0, hard: 0, findings: 0,
});

/** Figures of claims by the names of an axis ('' : all in one), of the cells chosen. With a rule, failures are that rule's. */
function splits(axis, filter) {
  const chosen = chosenCells(filter);
  const place = AXES.indexOf(axis);
  const made = new Map();
  const row = (cell) => {
    const number = place < 0 ? 0 : data.cells[cell][place];
    if (!made.has(number)) made.set(number, emptySplit(place < 0 ? '' : data.names[axis][number]));
    return made.get(number);
  };
  const rule = 'rule' in filter ? ruleNumbers.get(filter.rule) : null;
  for (const [cell, claims, judged, clean, failing, open, cents, touched, hard] of data.claims) {
    if (!chosen[cell]) continue;
    const one = row(cell);
    one.claims += claims;
    one.judged += judged;
    one.clean[0] += clean;
    one.clean[1] += judged;
    one.open += open;
    one.cents += cents;
    if (rule === null) {
      one.failing += failing;
      one.touched += touched;
      one.hard += hard;
    }
  }
  for (const [number, cell, findings, claims, cents] of data.failed) {
    if (!chosen[cell] || (rule !== null && number !== rule)) continue;
    const one = row(cell);
    one.findings += findings;
    if (rule !== null) {
      one.failing += claims;
      one.touched += cents;
    }
  }
  const rows = [...made].sort((a, b) => a[0] - b[0]).map(([, one]) => one);
  for (const one of rows) one.failingBar = one.failing;
  return rows;
}

const isOther = (name) => name.startsWith('other ');

function ranked(axis, filter) {
  return splits(axis, filter).sort((a, b) => isOther(a.name) - isOther(b.name) || b.failing - a.failing || b.claims - a.claims);
}

/** The rules that failed in the cells chosen; the rule chosen, too, is one row among them. */
function ruleRows(filter) {
  const chosen = chosenCells(filter);
  const made = new Map();
  for (const [number, cell, findings, claims, cents] of data.failed) {
    if (!chosen[cell]) continue;
    if (!made.has(number)) {
      const [rule, title, outcome, adjustment] = data.rules[number];
      made.set(number, { key: rule, name: rule, title, outcome, adjustment, findings: 0, claims: 0, touched: 0 });
    }
    const one = made.get(number);
    one.findings += findings;
    one.claims += claims;
    one.touched += cents;
  }
  const rows = [...made.values()].sort((a, b) => b.findings - a.findings || (a.name < b.name ? -1 : 1));
  for (const one of rows) one.bar = one.findings;
  return rows;
}

function outcomeRows(filter) {
  const chosen = chosenCells(filter);
  const counts = new Map();
  let whole = 0;
  for (const [outcome, cell, claims] of data.outcomes) {
    if (!chosen[cell]) continue;
    counts.set(outcome, (counts.get(outcome) || 0) + claims);
    whole += claims;
  }
  const names = new Map(data.tables.outcomes.rows.map((one) => [one.key, one.name]));
  return [...counts].sort((a, b) => a[0] - b[0]).map(([outcome, claims]) => {
    const key = data.outcomeNames[outcome];
    return { key, name: names.get(key), claims, share: [claims, whole] };
  });
}

/** Facts or tables with their counts in the cells chosen; those beyond the page's own rows are left out, as they are there. */
function waitingRows(name, counted, filter) {
  const chosen = chosenCells(filter);
  const sums = new Map();
  for (const [number, cell, findings, alone] of counted) {
    if (!chosen[cell] || number >= data.tables[name].rows.length) continue;
    const sum = sums.get(number) || [0, 0];
    sums.set(number, [sum[0] + findings, sum[1] + (alone || 0)]);
  }
  return [...sums]
    .map(([number, [findings, alone]]) => ({ ...data.tables[name].rows[number], findings, bar: findings, alone }))
    .sort((a, b) => b.findings - a.findings);
}

const FIELDS = ['rule', 'cell', 'status', 'claim', 'payer', 'provider', 'day', 'outcome', 'adjustment', 'about', 'cents', 'message', 'reason'];
const kept = data.kept.map((row) => Object.fromEntries(FIELDS.map((name, place) => [name, row[place]])));

/** The findings on the page, of a status, in what it is narrowed to; and how many there are of them in the batch. */
function keptRows(status, filter) {
  const chosen = chosenCells(filter);
  const rule = 'rule' in filter ? ruleNumbers.get(filter.rule) : null;
  const fits = (number, cell) => chosen[cell] && (rule === null || number === rule);
  const column = { unknown: 2, error: 4 }[status];
  const counted = status === 'fail' ? data.failed : data.open;
  let every = 0;
  for (const row of counted) if (fits(row[0], row[1])) every += row[column ?? 2];
  return { every, rows: kept.filter((one) => one.status === status && fits(one.rule, one.cell)) };
}
