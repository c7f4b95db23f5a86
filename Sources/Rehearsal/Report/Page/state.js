const state = {
  filters: { request: '', payment: '', process: '' }, show: 'all', selected: -1,
  view: [0, END], folded: new Set(),
};
let shown = new Uint8Array(events.length).fill(1);
let shownPlaces = [];

const known = { request: new Set(operationOf.keys()), payment: new Set(), process: new Set() };
for (const tie of ties) {
  tie.requests.forEach((it) => known.request.add(it));
  tie.payments.forEach((it) => known.payment.add(it));
  tie.processes.forEach((it) => known.process.add(it));
}
const listOf = { request: 'requests', payment: 'payments', process: 'processes' };

// A value that nothing bears entirely, finds what bears it in part.
function passes(index) {
  for (const kind of ['request', 'payment', 'process']) {
    const wanted = state.filters[kind];
    if (!wanted) continue;
    const values = ties[index][listOf[kind]];
    const found = known[kind].has(wanted) ? values.includes(wanted)
      : values.some((it) => it.includes(wanted));
    if (!found) return false;
  }
  return true;
}

function isFiltered() {
  return Boolean(state.filters.request || state.filters.payment || state.filters.process);
}

const calm = new Set(['sent', 'delivered']);
function showsMessage(event) {
  if (state.show === 'all') return true;
  return state.show === 'trouble' && !calm.has(event.fate);
}

function sift() {
  shownPlaces = [];
  events.forEach((event, index) => {
    const passed = passes(index) && (event.what !== 'crossing' || showsMessage(event));
    shown[index] = passed ? 1 : 0;
    if (passed) shownPlaces.push(index);
  });
}

function setFilter(kind, value, thenFit) {
  state.filters[kind] = value.trim();
  sift();
  if (thenFit && kind !== 'process' && value && shownPlaces.length) fitTo(shownPlaces);
  changed();
}

function fitTo(places) {
  const first = events[places[0]].at, last = events[places[places.length - 1]].at;
  const margin = Math.max((last - first) * 0.08, 2e6);
  setView(first - margin, last + margin);
}

const WINDOW_MIN = 20000;
function setView(from, to) {
  const width = Math.min(Math.max(to - from, WINDOW_MIN), END * 1.02);
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - width / 2, -END * 0.01), END * 1.01 - width);
  state.view = [start, start + width];
}

function zoom(factor, at) {
  const [from, to] = state.view;
  const middle = at === undefined ? (from + to) / 2 : at;
  setView(middle - (middle - from) * factor, middle + (to - middle) * factor);
  viewChanged();
}

function pan(part) {
  const [from, to] = state.view;
  setView(from + (to - from) * part, to + (to - from) * part);
  viewChanged();
}

// Selects an event; `reveal` moves the window so that its operation can be told apart.
function select(index, reveal) {
  state.selected = events[index] ? index : -1;
  if (reveal && state.selected >= 0) revealEvent(index);
  changed();
}

// Selects it and scrolls to its lane, which on a phone is above the details.
function visit(index) {
  select(index, true);
  const place = state.selected >= 0 && anchor(index);
  if (!place) return;
  const scroller = $('scroller');
  if (place.y < scroller.scrollTop + 20 || place.y > scroller.scrollTop + scroller.clientHeight - 30) {
    scroller.scrollTop = place.y - scroller.clientHeight / 2;
  }
  const y = scene.getBoundingClientRect().top + place.y;
  const lowest = innerHeight * (isNarrow() ? 0.5 : 0.94);
  if (y > lowest || y < 40) scrollBy(0, y - (isNarrow() ? innerHeight * 0.42 : innerHeight * 0.7));
}

const isNarrow = () => matchMedia('(max-width: 760px)').matches;

function revealEvent(index) {
  const operation = operations.get(ties[index].operation);
  const places = operation ? operation.all : [index];
  const at = events[index].at, [from, to] = state.view;
  const span = Math.max(events[places[places.length - 1]].at - events[places[0]].at, END / 2000);
  const isSeen = at >= from && at <= to && to - from < span * 12;
  if (!isSeen) {
    if (operation) fitTo(places); else setView(at - END / 60, at + END / 60);
  }
}

function next(step, places) {
  const list = places || shownPlaces;
  if (!list.length) return;
  let place = list.findIndex((it) => it >= state.selected);
  if (state.selected < 0) place = step > 0 ? 0 : list.length - 1;
  else if (place < 0) place = step > 0 ? 0 : list.length - 1;
  else if (list[place] === state.selected || step < 0) place += step;
  visit(list[(place + list.length) % list.length]);
}

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  state.filters = { request: '', payment: '', process: '' };
  for (const filter of (parts.get('filter') || '').split(',')) {
    const colon = filter.indexOf(':');
    const kind = filter.slice(0, colon);
    if (kind in state.filters) state.filters[kind] = decoded(filter.slice(colon + 1));
  }
  state.show = ['trouble', 'none'].includes(parts.get('show')) ? parts.get('show') : 'all';
  sift();
  const chosen = parts.has('select') ? Number(parts.get('select')) : -1;
  state.selected = events[chosen] ? chosen : -1;
  const window = /^(-?\d+)-(\d+)$/.exec(parts.get('view') || '');
  if (window) setView(Number(window[1]), Number(window[2]));
  else if (state.filters.request || state.filters.payment) fitTo(shownPlaces.length ? shownPlaces : [0]);
  else if (state.selected >= 0) revealEvent(state.selected);
}

let ownAddress = '';
function writeAddress() {
  const parts = [];
  const filters = Object.entries(state.filters).filter(([, value]) => value)
    .map(([kind, value]) => kind + ':' + encodeURIComponent(encodeURIComponent(value)));
  if (filters.length) parts.push('filter=' + filters.join(','));
  if (state.show !== 'all') parts.push('show=' + state.show);
  if (state.selected >= 0) parts.push('select=' + state.selected);
  const [from, to] = state.view.map(Math.round);
  if (to - from < END) parts.push('view=' + from + '-' + to);
  ownAddress = parts.length ? '#' + parts.join('&') : '';
  if (ownAddress === location.hash) return;
  try { history.replaceState(null, '', ownAddress || location.pathname + location.search); }
  catch { ownAddress = location.hash; }
}
