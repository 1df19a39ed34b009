// Tables: rows in the columns that page_tables.py declares, sorted by a click, with a few rows first and the rest behind a button.

function made(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === false) continue;
    element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

const sizeOf = (value) => (Array.isArray(value) ? (value[1] ? value[0] / value[1] : -1) : value);

/** Compare two cells: numbers and shares by size, texts as people sort them. */
function compared(a, b) {
  const [first, second] = [sizeOf(a), sizeOf(b)];
  if (typeof first === 'number' || typeof second === 'number') return (first ?? -1) - (second ?? -1);
  return String(first).localeCompare(String(second), 'en', { numeric: true });
}

const classOf = (column) => [column.look === 'name' ? '' : column.look, column.wide ? 'wide' : ''].filter(Boolean).join(' ') || null;

/** A table on the page. `onChoose(key)` is called for a row that is chosen; `chosen()` says which one is. */
class TableView {
  constructor(name, onChoose, chosen) {
    this.name = name;
    this.onChoose = onChoose;
    this.chosen = chosen;
    this.spec = data.tables[name];
    this.place = document.getElementById(`t-${name}`);
    this.sort = null;
    this.whole = false;
  }

  show(rows) {
    this.rows = rows;
    this.draw();
  }

  draw() {
    if (!this.rows.length) {
      this.place.replaceChildren(made('p', { class: 'quiet' }, this.spec.empty));
      return;
    }
    const rows = this.sorted();
    const first = this.spec.axis === 'month' ? rows.length : data.shown;
    const shown = this.whole || rows.length <= first + 1 ? rows : rows.slice(0, first);
    const largest = {};
    for (const column of this.spec.columns) {
      if (column.look === 'bar') largest[column.key] = Math.max(...this.rows.map((one) => one[column.key]), 1);
    }
    const head = made('tr', {}, ...this.spec.columns.map((column) => this.headOf(column)));
    const body = made('tbody', {}, ...shown.map((row) => this.rowOf(row, largest)));
    this.place.replaceChildren(made('table', { 'aria-labelledby': `h-${this.name}` }, made('thead', {}, head), body));
    if (shown.length < rows.length || (this.whole && rows.length > first + 1)) {
      const label = this.whole ? `Show the first ${first}` : `Show all ${grouped(rows.length)}`;
      const button = made('button', { type: 'button', class: 'whole' }, label);
      button.addEventListener('click', () => {
        this.whole = !this.whole;
        this.draw();
        this.place.querySelector('button.whole').focus();
      });
      this.place.append(made('p', {}, button));
    }
  }

  sorted() {
    if (!this.sort) return this.rows;
    const { key, down } = this.sort;
    return [...this.rows].sort((a, b) => (isOther(a.name) - isOther(b.name)) || (down ? -1 : 1) * compared(a[key], b[key]));
  }

  headOf(column) {
    const sorting = this.sort && this.sort.key === column.key ? (this.sort.down ? 'descending' : 'ascending') : null;
    if (!column.label) return made('th', { scope: 'col', class: classOf(column) }, made('span', { 'aria-hidden': 'true' }));
    const button = made('button', { type: 'button', class: 'sort' }, column.label);
    button.addEventListener('click', () => {
      const text = ['name', 'text', 'code'].includes(column.look);
      const down = this.sort && this.sort.key === column.key ? !this.sort.down : !text;
      this.sort = { key: column.key, down };
      this.draw();
      this.place.querySelector('th[aria-sort] button').focus();
    });
    return made('th', { scope: 'col', class: classOf(column), 'aria-sort': sorting }, button);
  }

  rowOf(row, largest) {
    const chosen = this.chosen && this.chosen() === row.key;
    const choosable = this.onChoose;
    const line = made('tr', { class: [choosable ? 'choosable' : '', chosen ? 'chosen' : ''].filter(Boolean).join(' ') || null });
    for (const column of this.spec.columns) line.append(this.cellOf(column, row, largest, chosen));
    if (choosable) line.addEventListener('click', () => this.onChoose(chosen ? null : row.key));
    return line;
  }

  cellOf(column, row, largest, chosen) {
    const value = row[column.key];
    if (column.look === 'name') {
      const title = row.title ? [made('span', { class: 'title' }, row.title)] : [];
      if (!this.onChoose) return made('th', { scope: 'row' }, value, ...title);
      const button = made('button', { type: 'button', class: 'open', 'aria-pressed': String(Boolean(chosen)) }, value);
      return made('th', { scope: 'row' }, button, ...title);
    }
    const cell = made('td', { class: classOf(column) });
    if (column.look === 'bar') {
      const svg = drawn('svg', { 'aria-hidden': 'true', focusable: 'false' });
      svg.append(drawn('rect', { width: `${(100 * value / largest[column.key]).toFixed(1)}%`, height: '100%' }));
      cell.append(svg);
    } else if (column.look === 'count') cell.textContent = grouped(value);
    else if (column.look === 'money') cell.textContent = dollars(value);
    else if (column.look === 'percent') cell.textContent = share(value[0], value[1]);
    else cell.textContent = value;
    return cell;
  }
}
