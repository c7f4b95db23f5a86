const report = JSON.parse(document.getElementById('report').textContent);
const events = report.events;
const END = Math.max(report.virtual_ns, events.length ? events[events.length - 1].at : 0, 1);
const $ = (id) => document.getElementById(id);

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function add(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value); else map.set(key, [value]);
}

// Operations by id, with the places of their events.
const operations = new Map();
const operationOf = new Map();
const paymentsOfOrder = new Map();
const operationOfEffect = new Map();
const calls = new Map();
const faultEvents = new Map();
const processEvents = new Map();

function read(event, index) {
  switch (event.what) {
  case 'invoked':
    operations.set(event.operation,
      { id: event.operation, invoked: index, returned: -1, tries: [], requests: [],
        payments: new Set(event.payment_id ? [event.payment_id] : []), all: [index] });
    if (event.order_id) operationOfEffect.set('order ' + event.order_id, event.operation);
    break;
  case 'tried':
    operationOf.set(event.request_id, event.operation);
    withOperation(event, (it) => { it.tries.push(index); it.requests.push(event.request_id); });
    break;
  case 'returned':
    withOperation(event, (it) => {
      it.returned = index;
      if (event.payment_id) it.payments.add(event.payment_id);
    });
    if (event.refund_id) operationOfEffect.set('refund ' + event.refund_id, event.operation);
    break;
  case 'committed':
    if (event.order_id) add(paymentsOfOrder, event.order_id, event.payment_id);
    break;
  case 'crossing': add(calls, event.call, index); break;
  case 'fault': add(faultEvents, event.fault, index); break;
  case 'process': add(processEvents, event.process, index); break;
  }
}

function withOperation(event, change) {
  const operation = operations.get(event.operation);
  if (operation) change(operation);
}

events.forEach(read);
for (const operation of operations.values()) {
  const order = events[operation.invoked].order_id;
  for (const payment of paymentsOfOrder.get(order) || []) operation.payments.add(payment);
}

// What each event belongs to: an operation, requests, payments, processes.
function tiesOf(event) {
  const ties = { operation: -1, requests: [], payments: [], processes: [] };
  let operation = event.operation;
  if (event.request_id) {
    ties.requests = [event.request_id];
    operation = operationOf.get(event.request_id);
  } else if (event.what === 'committed') {
    operation = operationOfEffect.get(
      event.refund_id ? 'refund ' + event.refund_id : 'order ' + event.order_id);
  }
  const known = operations.get(operation);
  if (known) {
    ties.operation = known.id;
    ties.payments = [...known.payments];
    if (!event.request_id) ties.requests = known.requests;
    if (event.what === 'invoked' || event.what === 'tried' || event.what === 'returned') {
      ties.processes = [events[known.invoked].client];
    }
  }
  if (event.payment_id && !ties.payments.includes(event.payment_id)) {
    ties.payments.push(event.payment_id);
  }
  if (event.what === 'crossing') ties.processes = [event.from, event.to];
  else if (event.process) ties.processes = [event.process];
  else if (event.judge) ties.processes = [event.judge];
  return ties;
}

const ties = events.map(tiesOf);
ties.forEach((tie, index) => {
  const operation = operations.get(tie.operation);
  if (operation && operation.all[operation.all.length - 1] !== index) operation.all.push(index);
});

// Messages: where each set out, and what became of it.
const arrows = [];
const arrowOf = new Map();
function readArrows() {
  const open = new Map();
  events.forEach((event, index) => {
    if (event.what !== 'crossing') return;
    const key = [event.call, event.leg, event.from, event.to].join('\n');
    const sent = open.get(key);
    if (event.fate === 'sent' || sent === undefined) {
      const arrow = { sent: index, end: event.fate === 'sent' ? -1 : index, event,
        from: event.from, to: event.to, t0: event.at, t1: event.at,
        fate: event.fate === 'sent' ? 'flying' : event.fate };
      arrows.push(arrow);
      arrowOf.set(index, arrow);
      if (event.fate === 'sent') open.set(key, arrow);
      return;
    }
    let arrow = sent;
    if (sent.end >= 0) { arrow = { ...sent }; arrows.push(arrow); }
    Object.assign(arrow, { end: index, event, t1: event.at, fate: event.fate });
    arrowOf.set(index, arrow);
  });
  for (const arrow of arrows) if (arrow.fate === 'flying') arrow.t1 = END;
}
readArrows();

const witnesses = [];
for (const verdict of report.verdicts) {
  if (verdict.verdict !== 'fail') continue;
  for (const place of verdict.witnesses) if (events[place]) witnesses.push(place);
}
const isWitness = new Set(witnesses);
