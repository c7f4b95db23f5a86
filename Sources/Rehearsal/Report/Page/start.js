function viewChanged() {
  writeAddress();
  later();
}

function changed() {
  writeAddress();
  showFilters();
  showTable(true);
  showDetails();
  later();
}

function recolor() {
  readColors();
  showLegend();
  showTable(false);
  later();
}

// Paper is white and of one width, whatever the screen is, and has its legend.
let hadLegend = true;
function print(isPrinting) {
  const fold = $('legend-fold');
  if (isPrinting) hadLegend = fold.open;
  fold.open = isPrinting || hadLegend;
  document.documentElement.classList.toggle('printing', isPrinting);
  readColors();
  showLegend();
  sceneWidth = Math.max(60, scene.clientWidth);
  draw();
}

function start() {
  if (clientList.length > (isNarrow() ? 6 : 24)) state.folded.add('client');
  if (isNarrow()) $('legend-fold').open = false;
  readColors();
  showHead();
  showVerdicts();
  showFaults();
  listenFilters();
  listenTable();
  listen();
  readAddress();
  layLanes();
  showLegend();
  resize();
  changed();
  new ResizeObserver(resize).observe($('picture'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolor);
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => { print(false); resize(); });
  addEventListener('hashchange', () => {
    if (location.hash === ownAddress) return;
    readAddress();
    changed();
  });
}

start();
