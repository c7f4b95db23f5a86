const fingers = new Map();
let isDrag = false, pinch = 0;

function distance(hit, x, y) {
  if (hit.kind === 'point') return Math.hypot(hit.x - x, hit.y - y);
  if (hit.kind === 'box') {
    const dx = Math.max(hit.x0 - x, 0, x - hit.x1), dy = Math.max(hit.y0 - y, 0, y - hit.y1);
    return Math.hypot(dx, dy);
  }
  const dx = hit.x1 - hit.x0, dy = hit.y1 - hit.y0, length = dx * dx + dy * dy || 1;
  const part = Math.min(1, Math.max(0, ((x - hit.x0) * dx + (y - hit.y0) * dy) / length));
  return Math.hypot(hit.x0 + part * dx - x, hit.y0 + part * dy - y);
}

// The nearest thing within reach; `cost` prefers what lies on top.
function hitAt(x, y, reach) {
  let best = -1, least = Infinity;
  for (const hit of hits) {
    const far = distance(hit, x, y);
    if (far > reach || far + hit.cost >= least) continue;
    least = far + hit.cost;
    best = hit.index;
  }
  return best;
}

function inScene(event) {
  const box = scene.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function pressed(event) {
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  if (fingers.size === 1) isDrag = false;
  pinch = 0;
  scene.setPointerCapture(event.pointerId);
}

function moved(event) {
  const before = fingers.get(event.pointerId);
  if (!before) return hovered(event);
  hideTip();
  if (fingers.size === 2) return pinched(event);
  const dx = event.clientX - before[0];
  if (!isDrag && Math.abs(dx) < 5) return;
  isDrag = true;
  scene.classList.add('dragging');
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  pan(-dx / sceneWidth);
}

function pinched(event) {
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  const [a, b] = [...fingers.values()];
  const wide = Math.max(20, Math.hypot(a[0] - b[0], a[1] - b[1]));
  const middle = (a[0] + b[0]) / 2 - scene.getBoundingClientRect().left;
  if (pinch) zoom(pinch / wide, tOf(middle));
  pinch = wide;
  isDrag = true;
}

function released(event) {
  if (!fingers.delete(event.pointerId)) return;
  scene.classList.remove('dragging');
  if (isDrag || event.type === 'pointercancel') return;
  const [x, y] = inScene(event);
  select(hitAt(x, y, event.pointerType === 'touch' ? 18 : 9), false);
}

function hovered(event) {
  if (event.pointerType === 'touch') return;
  const [x, y] = inScene(event), index = hitAt(x, y, 7), tip = $('tip');
  scene.classList.toggle('over', index >= 0);
  if (index < 0) return hideTip();
  tip.textContent = seconds(events[index].at) + '  ' + sentence(events[index]);
  tip.hidden = false;
  const box = $('picture').getBoundingClientRect();
  const left = Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 8);
  tip.style.left = Math.max(4, left) + 'px';
  tip.style.top = event.clientY - box.top + 16 + 'px';
}

function hideTip() {
  $('tip').hidden = true;
}

function wheeled(event) {
  const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    const amount = Math.max(-120, Math.min(120, event.deltaY));
    zoom(Math.exp(amount * 0.004), tOf(inScene(event)[0]));
  } else if (isSideways) {
    event.preventDefault();
    pan((event.deltaX || event.deltaY) / sceneWidth);
  }
}

const keys = {
  ArrowLeft: () => pan(-0.15), ArrowRight: () => pan(0.15),
  '+': () => zoom(0.6), '=': () => zoom(0.6), '-': () => zoom(1 / 0.6), '0': showAll,
  n: () => next(1), p: () => next(-1), w: () => next(1, [...isWitness].sort((a, b) => a - b)),
  Escape: () => select(-1, false),
};

function showAll() {
  setView(0, END);
  viewChanged();
}

function keyed(event) {
  const does = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  does();
}

function stripMoved(event) {
  if (event.type === 'pointerdown') strip.setPointerCapture(event.pointerId);
  else if (!strip.hasPointerCapture(event.pointerId)) return;
  const box = strip.getBoundingClientRect();
  const at = (event.clientX - box.left) / box.width * END, half = (state.view[1] - state.view[0]) / 2;
  setView(at - half, at + half);
  viewChanged();
}

function listen() {
  scene.addEventListener('pointerdown', pressed);
  scene.addEventListener('pointermove', moved);
  scene.addEventListener('pointerup', released);
  scene.addEventListener('pointercancel', released);
  scene.addEventListener('pointerleave', hideTip);
  scene.addEventListener('wheel', wheeled, { passive: false });
  strip.addEventListener('pointerdown', stripMoved);
  strip.addEventListener('pointermove', stripMoved);
  $('picture').addEventListener('keydown', keyed);
  $('zoom-in').onclick = () => zoom(0.6);
  $('zoom-out').onclick = () => zoom(1 / 0.6);
  $('zoom-fit').onclick = () => {
    if (isFiltered() && shownPlaces.length) { fitTo(shownPlaces); viewChanged(); } else showAll();
  };
}
