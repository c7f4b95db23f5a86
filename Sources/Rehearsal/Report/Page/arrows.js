// A fate has a colour, a dash and an end of its own, so that no one needs to tell colours apart.
const fateLooks = {
  delivered: { dash: [], width: 1, end: 'head' },
  flying: { dash: [1, 4], width: 1, end: 'none' },
  lost: { dash: [5, 4], width: 1.6, end: 'cross', short: 20 },
  late: { dash: [10, 4], width: 1.6, end: 'ring' },
  duplicated: { dash: [], width: 1.2, end: 'double', twin: true },
  reset: { dash: [7, 3, 1, 3], width: 1.6, end: 'square' },
  refused: { dash: [3, 2], width: 1.6, end: 'bar', short: 18 },
  mangled: { dash: [1.5, 3], width: 2, end: 'star' },
};
const troubled = (fate) => fate !== 'delivered' && fate !== 'flying';

function arrowShown(arrow) {
  return shown[arrow.sent] || (arrow.end >= 0 && shown[arrow.end]);
}

function drawArrows(pen) {
  const [from, to] = state.view, drawn = new Set(), calmOnes = [], loud = [];
  const chosen = state.selected >= 0 ? ties[state.selected].operation : -1;
  for (const arrow of arrows) {
    if (arrow.t1 < from || arrow.t0 > to || !arrowShown(arrow)) continue;
    arrow.isChosen = chosen >= 0 && ties[arrow.sent].operation === chosen;
    (troubled(arrow.fate) || arrow.isChosen ? loud : calmOnes).push(arrow);
  }
  const isDense = calmOnes.length > sceneWidth * 0.8;
  // Of many that would cover each other one is drawn.
  const isFirst = (arrow) => {
    const key = [Math.round(xOf(arrow.t0)), Math.round(xOf(arrow.t1)), arrow.from, arrow.to,
      arrow.fate].join();
    const before = drawn.size;
    return drawn.add(key).size > before;
  };
  for (const arrow of calmOnes) {
    if (!isDense || isFirst(arrow)) drawArrow(pen, arrow, isDense ? 0.3 : 0.75, !isDense);
  }
  const isCrowd = loud.length > sceneWidth / 4;
  for (const arrow of loud) {
    if (!isCrowd || arrow.isChosen || isFirst(arrow)) drawArrow(pen, arrow, 1, true);
  }
}

// What was lost or refused stops short of its lane, and on no other.
function drawArrow(pen, arrow, alpha, hasHead) {
  const a = laneOf.get(arrow.from), b = laneOf.get(arrow.to);
  if (!a || !b) return;
  const look = fateLooks[arrow.fate], tall = Math.abs(b.middle - a.middle);
  const part = look.short && tall ? Math.max(0.5, 1 - look.short / tall) : 1;
  const x0 = xOf(arrow.t0), y0 = a.middle;
  const x1 = x0 + (xOf(arrow.t1) - x0) * part, y1 = y0 + (b.middle - y0) * part;
  pen.globalAlpha = alpha;
  pen.strokeStyle = pen.fillStyle = colors[arrow.fate];
  stroke(pen, look, x0, y0, x1, y1, arrow.isChosen && !troubled(arrow.fate));
  if (hasHead) drawEnd(pen, look.end, x0, y0, x1, y1, arrow.event.leg);
  pen.globalAlpha = 1;
  hits.push({ kind: 'line', x0, y0, x1, y1, index: arrow.end >= 0 ? arrow.end : arrow.sent, cost: 0 });
}

function stroke(pen, look, x0, y0, x1, y1, isStrong) {
  pen.lineWidth = look.width + (isStrong ? 0.9 : 0);
  pen.setLineDash(look.dash);
  line(pen, x0, y0, x1, y1);
  if (look.twin) line(pen, x0 + 3.5, y0, x1 + 3.5, y1);
  pen.setLineDash([]);
}

// Requests end in a full head, replies in an open one.
function drawEnd(pen, end, x0, y0, x1, y1, leg) {
  pen.save();
  pen.translate(x1, y1);
  pen.lineWidth = 1.7;
  if (end === 'cross') {
    line(pen, -5, -5, 5, 5); line(pen, -5, 5, 5, -5);
  } else if (end === 'square') {
    pen.fillStyle = colors.card; pen.fillRect(-4.5, -4.5, 9, 9); pen.strokeRect(-4.5, -4.5, 9, 9);
  } else if (end === 'ring') {
    pen.beginPath(); pen.arc(0, 0, 4.5, 0, 7); pen.fillStyle = colors.card; pen.fill(); pen.stroke();
    line(pen, 0, 0, 0, -3); line(pen, 0, 0, 2.2, 1);
  } else if (end === 'star') {
    for (let turn = 0; turn < 3; turn += 1) {
      pen.rotate(Math.PI / 3); line(pen, -5.5, 0, 5.5, 0);
    }
  } else if (end !== 'none') {
    pen.rotate(Math.atan2(y1 - y0, x1 - x0));
    if (end === 'bar') { line(pen, 0, -6, 0, 6); line(pen, -4, -6, -4, 6); }
    else drawHead(pen, leg === 'request' || leg === 'message');
    if (end === 'double') { pen.translate(-7, 0); drawHead(pen, true); }
  }
  pen.restore();
}

function drawHead(pen, isFull) {
  pen.beginPath();
  pen.moveTo(-7, -3.4);
  pen.lineTo(0, 0);
  pen.lineTo(-7, 3.4);
  if (isFull) pen.fill();
  else { pen.lineWidth = 1.2; pen.stroke(); }
}
