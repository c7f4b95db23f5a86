const outcomeSigns = { paid: '✓', refunded: '↩', read: '', refused: '✕', unknown: '?' };
const outcomeColor = (outcome) => colors[outcome === 'refused' ? 'no' : outcome] || colors.soft;

function drawOperations(pen) {
  const [from, to] = state.view;
  for (const operation of operations.values()) {
    const begin = events[operation.invoked];
    const end = operation.returned >= 0 ? events[operation.returned] : null;
    const t1 = end ? end.at : END;
    if (t1 < from || begin.at > to || !operation.all.some((it) => shown[it])) continue;
    const lane = laneOf.get(begin.client);
    if (lane) drawBar(pen, operation, end ? end.outcome : 'open', lane, xOf(begin.at), xOf(t1));
  }
}

function drawBar(pen, operation, outcome, lane, x0, x1) {
  const width = Math.max(x1 - x0, 3), height = 13, top = lane.middle - height / 2;
  const color = outcome === 'open' ? colors.soft : outcomeColor(outcome);
  const isHollow = outcome === 'refused' || outcome === 'unknown' || outcome === 'open';
  pen.beginPath();
  pen.roundRect(x0, top, width, height, Math.min(3, width / 2));
  pen.fillStyle = isHollow ? colors.card : color;
  pen.fill();
  if (outcome === 'unknown' && width > 3) hatch(pen, x0, top, width, height, color, 4);
  pen.strokeStyle = color;
  pen.lineWidth = 1.3;
  if (outcome === 'open') pen.setLineDash([3, 3]);
  pen.stroke();
  pen.setLineDash([]);
  drawTries(pen, operation, top, height, isHollow ? color : colors.card);
  if (width > 26) drawSign(pen, outcomeSigns[outcome], isHollow ? color : colors.card, x1, lane);
  hits.push({ kind: 'box', x0, x1: x0 + width, y0: top, y1: top + height, cost: 3,
    index: operation.returned >= 0 ? operation.returned : operation.invoked });
}

function drawTries(pen, operation, top, height, color) {
  pen.strokeStyle = color;
  pen.lineWidth = 1.5;
  for (const index of operation.tries.slice(1)) {
    const x = xOf(events[index].at);
    line(pen, x, top + 1, x, top + height - 1);
  }
}

function drawSign(pen, sign, color, x1, lane) {
  if (!sign) return;
  pen.font = '700 11px ' + uiFont;
  pen.textBaseline = 'middle';
  const x = Math.min(x1, sceneWidth) - 14;
  pen.fillStyle = color;
  if (sign === '?') {
    pen.fillStyle = colors.card;
    pen.fillRect(x - 2, lane.middle - 5.5, 11, 11);
    pen.fillStyle = color;
  }
  pen.fillText(sign, x, lane.middle + 1);
}

function drawMarks(pen) {
  const [from, to] = state.view;
  const taken = new Set();
  for (const lane of lanes) lane.lastTick = -99;
  events.forEach((event, index) => {
    if (event.at < from || event.at > to || !shown[index]) return;
    const draws = markOf[event.what];
    const place = draws && anchor(index);
    if (!place) return;
    const x = xOf(place.t), spot = [event.what, event.kind, Math.round(x), place.y].join();
    if (taken.has(spot) && !isWitness.has(index)) return;
    taken.add(spot);
    draws(pen, event, x, place.y, place.lane);
    hits.push({ kind: 'point', x, y: place.y, index, cost: -3 });
  });
  for (const index of witnesses) drawRing(pen, index, colors.bad, 11, 2.6);
}

const markOf = {
  committed(pen, event, x, y) {
    diamond(pen, x, y, 6.5, event.kind === 'capture' ? colors.commit : colors.card, colors.commit);
  },
  balances(pen, event, x, y) {
    pen.strokeStyle = colors.soft;
    pen.lineWidth = 1.4;
    line(pen, x - 4, y + 13, x + 4, y + 13); line(pen, x - 4, y + 16, x + 4, y + 16);
  },
  judged(pen, event, x, y) {
    if (!event.bad && event.accepted) return;
    pen.fillStyle = event.bad === event.accepted ? colors.bad : colors.no;
    pen.beginPath();
    pen.moveTo(x - 5, y + 8); pen.lineTo(x + 5, y + 8); pen.lineTo(x, y + 16); pen.fill();
  },
  probed(pen, event, x, y) {
    pen.beginPath();
    pen.arc(x, y - 13, 3.5, 0, 7);
    pen.strokeStyle = pen.fillStyle = event.serving === (event.canary !== false) ? colors.good : colors.bad;
    pen.lineWidth = 1.4;
    if (event.serving) pen.fill(); else pen.stroke();
  },
  process(pen, event, x, y, lane) {
    if (event.state !== 'started') return;
    pen.fillStyle = colors.good;
    pen.beginPath();
    pen.moveTo(x, lane.y + 8); pen.lineTo(x + 7, lane.y + 12); pen.lineTo(x, lane.y + 16); pen.fill();
  },
  fault(pen, event, x, y, lane) {
    if (event.state !== 'effective' || Math.abs(x - lane.lastTick) < 5) return;
    lane.lastTick = x;
    pen.fillStyle = colors.ink;
    pen.fillRect(x - 0.5, lane.y + lane.h - 4, 1, 4);
  },
};

function diamond(pen, x, y, size, fill, stroke) {
  pen.beginPath();
  pen.moveTo(x, y - size); pen.lineTo(x + size, y); pen.lineTo(x, y + size); pen.lineTo(x - size, y);
  pen.closePath();
  pen.fillStyle = fill; pen.fill();
  pen.strokeStyle = stroke; pen.lineWidth = 1.6; pen.stroke();
}

function drawRing(pen, index, color, radius, width) {
  const place = anchor(index);
  if (!place) return;
  const x = xOf(place.t);
  if (x < -20 || x > sceneWidth + 20) return;
  pen.beginPath();
  pen.arc(x, place.y, radius, 0, 7);
    pen.strokeStyle = color; pen.lineWidth = width; pen.stroke();
}

function drawChosen(pen) {
  if (state.selected >= 0) drawRing(pen, state.selected, colors.accent, 15.5, 2.4);
}

// How much happens when, what strikes, who testifies, and what part the window shows.
function drawStrip() {
  const width = Math.max(60, strip.clientWidth), height = 38, pen = sized(strip, width, height);
  const bins = new Uint32Array(Math.ceil(width / 3));
  for (const index of shownPlaces) {
    bins[Math.min(bins.length - 1, Math.max(0, Math.floor(events[index].at / END * bins.length)))] += 1;
  }
  const most = Math.max(1, ...bins);
  const at = (t) => t / END * width;
  for (const list of faultSpans.values()) {
    for (const span of list) {
      pen.fillStyle = colors.fault;
      pen.globalAlpha = 0.28;
      pen.fillRect(at(span.t0), 0, Math.max(2, at(span.t1) - at(span.t0)), height);
    }
  }
  pen.globalAlpha = 0.6;
  pen.fillStyle = colors.delivered;
  bins.forEach((count, bin) => {
    const tall = Math.sqrt(count / most) * (height - 10);
    pen.fillRect(bin * 3, height - tall, 2, tall);
  });
  pen.globalAlpha = 1;
  pen.fillStyle = colors.bad;
  for (const index of witnesses) pen.fillRect(at(events[index].at) - 1.5, 0, 3, height);
  const x0 = at(state.view[0]), x1 = at(state.view[1]);
  pen.fillStyle = colors.card;
  pen.globalAlpha = 0.66;
  pen.fillRect(0, 0, x0, height); pen.fillRect(x1, 0, width - x1, height);
  pen.globalAlpha = 1;
  pen.strokeStyle = colors.accent;
  pen.lineWidth = 2;
  const left = Math.max(x0, 1);
  pen.strokeRect(left, 1, Math.max(3, Math.min(x1, width - 1) - left), height - 2);
}
