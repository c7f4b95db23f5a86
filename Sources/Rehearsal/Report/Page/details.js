const fieldNames = {
  request_id: 'request', payment_id: 'payment', refund_id: 'refund', order_id: 'order',
  good_token: 'good token',
};

function showDetails() {
  const panel = $('details'), index = state.selected, isOpen = index >= 0;
  panel.hidden = !isOpen;
  document.querySelector('main').classList.toggle('open', isOpen);
  panel.replaceChildren();
  delete panel.dataset.event;
  if (!isOpen) return;
  panel.dataset.event = index;
  panel.append(detailsHead(index), doings(index), fields(events[index]));
  const others = related(index);
  if (others.length > 1) {
    panel.append(make('h4', ties[index].operation >= 0 ? 'The whole operation' : 'The whole call'));
    panel.append(relatedList(others, index));
  }
}

function detailsHead(index) {
  const head = make('header'), text = make('div'), close = make('button', '✕');
  const at = (events[index].at / 1e9).toFixed(9);
  text.append(make('h3', sentence(events[index])),
    make('p', 'event ' + index + ' at ' + at + ' s', 'when'));
  close.type = 'button';
  close.setAttribute('aria-label', 'Close details');
  close.onclick = () => { select(-1, false); $('picture').focus({ preventScroll: true }); };
  head.append(text, close);
  return head;
}

function fields(event) {
  const list = make('dl');
  for (const [name, value] of Object.entries(event)) {
    if (name === 'at' || value === null || value === '') continue;
    list.append(make('dt', fieldNames[name] || name), make('dd', fieldText(value)));
  }
  return list;
}

function fieldText(value) {
  if (!Array.isArray(value)) return String(value);
  if (!value.length) return 'none';
  return value.map((it) => Object.entries(it).map((pair) => pair.join(' ')).join(', ')).join('; ');
}

function doings(index) {
  const box = make('div', null, 'does'), tie = ties[index];
  const offer = (text, does) => {
    const button = make('button', text);
    button.type = 'button';
    button.onclick = does;
    box.append(button);
  };
  offer('‹ Previous', () => next(-1));
  offer('Next ›', () => next(1));
  const request = events[index].request_id || tie.requests[0];
  if (request) offer('Only call ' + request, () => setFilter('request', request, true));
  for (const payment of tie.payments.slice(0, 2)) {
    offer('Only ' + payment, () => setFilter('payment', payment, true));
  }
  return box;
}

function related(index) {
  const operation = operations.get(ties[index].operation);
  if (operation) return operation.all;
  return events[index].what === 'crossing' ? calls.get(events[index].call) : [];
}

const RELATED = 120;
function relatedList(places, index) {
  const list = make('ol'), begin = events[places[0]].at;
  for (const place of places.slice(0, RELATED)) {
    const event = events[place], button = make('button'), item = make('li');
    const route = event.what === 'crossing' ? ': ' + where(place) : '';
    button.type = 'button';
    button.append(make('time', '+' + ((event.at - begin) / 1e6).toFixed(1) + ' ms'),
      make('span', sentence(event) + route));
    if (place === index) button.className = 'here';
    button.onclick = () => visit(place);
    item.append(button);
    list.append(item);
  }
  return list;
}
