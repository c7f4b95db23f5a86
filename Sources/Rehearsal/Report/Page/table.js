const PAGE = 200;
let page = 0;

function showTable(follows) {
  const place = shownPlaces.indexOf(state.selected);
  if (follows && place >= 0) page = Math.floor(place / PAGE);
  const pages = Math.max(1, Math.ceil(shownPlaces.length / PAGE));
  page = Math.min(Math.max(page, 0), pages - 1);
  const places = shownPlaces.slice(page * PAGE, (page + 1) * PAGE);
  $('events').tBodies[0].replaceChildren(...places.map(row));
  $('events').setAttribute('aria-rowcount', String(shownPlaces.length));
  const first = grouped(page * PAGE + 1), last = grouped(page * PAGE + places.length);
  $('page-of').textContent = places.length
    ? first + '–' + last + ' of ' + grouped(shownPlaces.length) : 'Nothing passes the filters.';
  $('page-back').disabled = page === 0;
  $('page-on').disabled = page === pages - 1;
  $('count').textContent = grouped(shownPlaces.length) + ' of ' + grouped(events.length) + ' events';
  if (follows) scrollToChosen();
}

function row(index) {
  const event = events[index], element = make('tr', null, isWitness.has(index) ? 'witness' : '');
  element.dataset.event = index;
  element.setAttribute('aria-selected', String(index === state.selected));
  const cell = make('td'), button = make('button', String(index));
  button.type = 'button';
  cell.append(button);
  const what = make('td', sentence(event));
  if (event.what === 'crossing' && troubled(event.fate) && event.fate !== 'sent') {
    what.style.color = colors[event.fate];
    what.className = 'fate';
  }
  element.append(cell, make('td', seconds(event.at)), make('td', where(index)), what);
  return element;
}

function scrollToChosen() {
  const rows = $('rows'), chosen = rows.querySelector('tr[aria-selected="true"]');
  rows.scrollTop = chosen ? chosen.offsetTop - rows.clientHeight / 2 : 0;
}

function turnPage(step) {
  page += step;
  showTable(false);
  $('rows').scrollTop = 0;
}

function listenTable() {
  $('page-back').onclick = () => turnPage(-1);
  $('page-on').onclick = () => turnPage(1);
  $('events').tBodies[0].onclick = (event) => {
    const line = event.target.closest('tr');
    if (line) select(Number(line.dataset.event), true);
  };
}

function listenFilters() {
  for (const kind of ['request', 'payment', 'process']) {
    $('by-' + kind).onchange = (event) => setFilter(kind, event.target.value, true);
  }
  $('by-show').onchange = (event) => { state.show = event.target.value; sift(); changed(); };
  $('clear').onclick = () => {
    state.filters = { request: '', payment: '', process: '' };
    state.show = 'all';
    sift();
    showAll();
    changed();
  };
  const options = (values) => values.map((value) => {
    const option = make('option');
    option.value = value;
    return option;
  });
  $('requests').replaceChildren(...options([...known.request].sort(naturally)));
  $('payments').replaceChildren(...options([...known.payment].sort(naturally)));
  for (const name of [...serviceNames, ...clientList]) $('by-process').append(make('option', name));
}

function showFilters() {
  for (const kind of ['request', 'payment', 'process']) $('by-' + kind).value = state.filters[kind];
  $('by-process').classList.toggle('on', Boolean(state.filters.process));
  $('by-show').value = state.show;
  $('by-show').classList.toggle('on', state.show !== 'all');
  $('clear').disabled = !isFiltered() && state.show === 'all';
}
