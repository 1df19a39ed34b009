// Words: counts, shares, amounts and months as words.py and page_chart.py write them.

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

function share(part, whole) {
  if (!whole) return '–';
  let tenths = Math.floor(part * 1000 / whole);
  if (part && !tenths) return '<0.1%';
  const rounded = Math.floor((part * 2000 + whole) / (2 * whole));
  if (part < whole && rounded < 1000) tenths = rounded;
  return `${Math.floor(tenths / 10)}.${tenths % 10}%`;
}

function dollars(cents) {
  if (cents === null) return 'not sent';
  if (!cents) return '$0';
  if (Math.abs(cents) < 10000) return `$${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  return `$${grouped(Math.floor((cents + 50) / 100))}`;
}

const many = (count, noun) => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const isMonth = (name) => /^\d{4}-\d\d$/.test(name);
const monthLabel = (name) => `${MONTHS[Number(name.slice(5)) - 1]} ${name.slice(0, 4)}`;
const monthPlace = (name) => Number(name.slice(0, 4)) * 12 + Number(name.slice(5));
