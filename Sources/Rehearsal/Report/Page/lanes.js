const clientNames = new Set();
for (const operation of operations.values()) clientNames.add(events[operation.invoked].client);
const serviceOf = (process) => process.replace(/-\d+$/, '');
const naturally = new Intl.Collator('en', { numeric: true }).compare;

// Callers above those they call, so that requests go down.
function depths() {
  const edges = new Map();
  for (const arrow of arrows) {
    const request = arrow.event.leg === 'request';
    const from = serviceOf(arrow.from), to = serviceOf(arrow.to);
    if (request && from !== to) edges.set(from + '\n' + to, [from, to]);
  }
  const depth = new Map();
  for (let round = 0; round < 8; round += 1) {
    for (const [from, to] of edges.values()) {
      const below = (depth.get(from) || 0) + 1;
      if (below <= 8 && below > (depth.get(to) || 0)) depth.set(to, below);
    }
  }
  return depth;
}

const serviceNames = (() => {
  const depth = depths(), of = (name) => depth.get(serviceOf(name)) || 0;
  return [...known.process].filter((name) => !clientNames.has(name))
    .sort((a, b) => of(a) - of(b) || naturally(a, b));
})();
const clientList = [...clientNames].sort(naturally);
const faultList = [...new Set([...report.faults.map((it) => it.id), ...faultEvents.keys()])];
const ledgerName = serviceNames.find((name) => serviceOf(name) === 'ledger')
  || serviceNames[serviceNames.length - 1];

let lanes = [], laneOf = new Map(), sceneHeight = 0;
const heights = { group: 26, fault: 20, client: 26, service: 46 };

function addLane(kind, name, names) {
  const lane = { kind, name, names, y: sceneHeight, h: heights[kind] };
  lane.middle = lane.y + lane.h / 2;
  lanes.push(lane);
  sceneHeight += lane.h;
  for (const it of names) laneOf.set(it, lane);
}

function addGroup(kind, title, names) {
  if (!names.length) return;
  const isFolded = state.folded.has(kind);
  addLane('group', title, []);
  lanes[lanes.length - 1].folds = kind;
  if (isFolded) addLane(kind, names.length + ' ' + title.toLowerCase(), names);
  else for (const name of names) addLane(kind, name, [name]);
}

function layLanes() {
  lanes = []; laneOf = new Map(); sceneHeight = 0;
  addGroup('fault', 'Faults', faultList.map((it) => 'fault\n' + it));
  addGroup('client', 'Clients', clientList);
  addGroup('service', 'Services', serviceNames);
  sceneHeight += 12;
  $('labels').replaceChildren(...lanes.map(label));
  $('labels').style.height = sceneHeight + 'px';
}

function label(lane) {
  const isGroup = lane.kind === 'group';
  const element = make(isGroup ? 'button' : 'div', null, lane.kind);
  const text = lane.name.replace('fault\n', '');
  element.style.top = lane.y + 'px';
  element.style.height = lane.h + 'px';
  element.title = text;
  if (isGroup) {
    const isFolded = state.folded.has(lane.folds);
    element.type = 'button';
    element.setAttribute('aria-expanded', String(!isFolded));
    element.append(make('span', isFolded ? '▸' : '▾'));
    element.onclick = () => toggleFold(lane.folds);
  }
  element.append(make('span', text));
  return element;
}

function toggleFold(kind) {
  if (!state.folded.delete(kind)) state.folded.add(kind);
  layLanes();
  resize();
}

// What lasts: a fault from firing to its end, a process from its end to its next beginning.
function spans(places, opens, closes, marks) {
  const found = [];
  let open = null;
  for (const index of places) {
    const event = events[index];
    const close = open && (closes.has(event.state) || opens.has(event.state));
    if (close) {
      if (!marks || closes.has(event.state)) open.t1 = event.at;
      open.closed = true;
      open = null;
    }
    if (opens.has(event.state)) {
      open = { index, t0: event.at, t1: event.at, state: event.state, closed: false };
      found.push(open);
    } else if (open && marks && marks.has(event.state)) open.t1 = event.at;
  }
  return found;
}

const faultSpans = new Map(faultList.map((id) => [id,
  spans(faultEvents.get(id) || [], new Set(['fired']), new Set(['reverted']),
    new Set(['effective']))]));
const processSpans = [];
for (const [name, places] of processEvents) {
  const found = spans(places, new Set(['crashed', 'paused', 'stopped', 'draining']),
    new Set(['started', 'serving', 'resumed']));
  for (const span of found) {
    processSpans.push({ ...span, name, t1: span.closed ? span.t1 : END });
  }
}

function struckNames(id) {
  const fault = report.faults.find((it) => it.id === id);
  if (!fault) return [];
  return [...serviceNames, ...clientList]
    .filter((it) => fault.strikes.includes(it) || fault.strikes.includes(serviceOf(it)));
}

// Where an event is drawn: its time, and the middle of its lane.
function anchor(index) {
  const event = events[index];
  let name = ties[index].processes[0];
  if (event.what === 'crossing') name = event.fate === 'sent' ? event.from : event.to;
  if (event.what === 'committed' || event.what === 'balances') name = ledgerName;
  if (event.what === 'fault') name = 'fault\n' + event.fault;
  const lane = laneOf.get(name);
  return lane ? { t: event.at, y: lane.middle, lane } : null;
}
