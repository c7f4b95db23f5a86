const scene = $('scene'), axis = $('axis'), strip = $('strip');
let colors = {}, sceneWidth = 100, frame = 0;
let hits = [];

function readColors() {
  const style = getComputedStyle(document.documentElement);
  const names = ['paper', 'card', 'ink', 'soft', 'rule', 'lane', 'accent', 'delivered', 'lost', 'late',
    'duplicated', 'reset', 'refused', 'mangled', 'paid', 'refunded', 'read', 'no', 'unknown',
    'commit', 'fault', 'bad', 'good', 'dead'];
  colors = Object.fromEntries(names.map((it) => [it, style.getPropertyValue('--' + it).trim()]));
  colors.flying = colors.delivered;
}

function sized(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

const xOf = (t) => (t - state.view[0]) / (state.view[1] - state.view[0]) * sceneWidth;
const tOf = (x) => state.view[0] + x / sceneWidth * (state.view[1] - state.view[0]);

function draw() {
  frame = 0;
  const pen = sized(scene, sceneWidth, sceneHeight);
  hits = [];
  drawLanes(pen);
  drawFaults(pen);
  drawStates(pen);
  drawArrows(pen);
  drawOperations(pen);
  drawMarks(pen);
  drawChosen(pen);
  drawAxis();
  drawStrip();
}

function later() {
  if (!frame) frame = requestAnimationFrame(draw);
}

function resize() {
  sceneWidth = Math.max(60, scene.clientWidth);
  scene.style.height = sceneHeight + 'px';
  later();
}

function drawLanes(pen) {
  for (const lane of lanes) {
    pen.strokeStyle = colors.rule;
    pen.lineWidth = 1;
    if (lane.kind === 'group') {
      line(pen, 0, lane.y + lane.h - 0.5, sceneWidth, lane.y + lane.h - 0.5);
      continue;
    }
    pen.globalAlpha = lane.kind === 'service' ? 1 : 0.7;
    line(pen, 0, lane.middle, sceneWidth, lane.middle);
    pen.globalAlpha = 1;
  }
  const [step] = tickStep();
  pen.strokeStyle = colors.rule;
  pen.globalAlpha = 0.5;
  for (let t = Math.ceil(state.view[0] / step) * step; t <= state.view[1]; t += step) {
    line(pen, Math.round(xOf(t)) + 0.5, 0, Math.round(xOf(t)) + 0.5, sceneHeight);
  }
  pen.globalAlpha = 1;
}

function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

function drawFaults(pen) {
  for (const [id, list] of faultSpans) {
    const lane = laneOf.get('fault\n' + id);
    for (const span of list) {
      const x0 = xOf(span.t0), x1 = Math.max(xOf(span.t1), x0 + 3);
      if (x1 < 0 || x0 > sceneWidth) continue;
      for (const name of struckNames(id)) shade(pen, laneOf.get(name), x0, x1);
      pen.fillStyle = colors.fault;
      pen.beginPath();
      pen.roundRect(x0, lane.y + 3, x1 - x0, lane.h - 6, Math.min(3, (x1 - x0) / 2));
      pen.fill();
      nameBand(pen, id, lane, Math.max(x0, 0), x1);
      hits.push({ kind: 'box', x0, x1, y0: lane.y, y1: lane.y + lane.h, index: span.index, cost: 4 });
    }
  }
}

function shade(pen, lane, x0, x1) {
  if (!lane) return;
  pen.fillStyle = colors.fault;
  pen.globalAlpha = 0.14;
  pen.fillRect(x0, lane.y, x1 - x0, lane.h);
  pen.globalAlpha = 0.75;
  pen.strokeStyle = colors.fault;
  pen.lineWidth = 1;
  line(pen, x0 + 0.5, lane.y, x0 + 0.5, lane.y + lane.h);
  if (x1 - x0 > 4) line(pen, x1 - 0.5, lane.y, x1 - 0.5, lane.y + lane.h);
  pen.globalAlpha = 1;
}

function nameBand(pen, id, lane, x0, x1) {
  pen.font = '600 11px ' + uiFont;
  pen.textBaseline = 'middle';
  const width = pen.measureText(id).width;
  const fits = width + 10 < x1 - x0;
  pen.fillStyle = fits ? '#1c1606' : colors.soft;
  const isLeft = !fits && x1 + 4 + width > sceneWidth;
  pen.fillText(id, fits ? x0 + 5 : isLeft ? x0 - width - 5 : x1 + 4, lane.middle + 0.5);
}

const uiFont = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

function drawStates(pen) {
  for (const span of processSpans) {
    const lane = laneOf.get(span.name);
    const x0 = xOf(span.t0), x1 = Math.max(xOf(span.t1), x0 + 3);
    if (!lane || x1 < 0 || x0 > sceneWidth) continue;
    const top = lane.y + 7, height = lane.h - 14;
    const isGone = span.state === 'crashed' || span.state === 'stopped';
    pen.fillStyle = isGone ? colors.card : colors.dead;
    pen.globalAlpha = isGone ? 1 : span.state === 'paused' ? 0.6 : 0.3;
    pen.fillRect(x0, top, x1 - x0, height);
    pen.globalAlpha = 1;
    if (isGone) hatch(pen, x0, top, x1 - x0, height, colors.soft, 6);
    pen.strokeStyle = colors.soft;
    pen.lineWidth = 1;
    pen.strokeRect(x0 + 0.5, top + 0.5, x1 - x0 - 1, height - 1);
    nameState(pen, span, lane, Math.max(x0, 0), Math.min(x1, sceneWidth));
    hits.push({ kind: 'box', x0, x1, y0: top, y1: top + height, index: span.index, cost: 9 });
  }
}

function nameState(pen, span, lane, x0, x1) {
  pen.font = '600 11px ' + uiFont;
  pen.textBaseline = 'middle';
  const width = pen.measureText(span.state).width;
  if (width + 16 > x1 - x0) return;
  pen.fillStyle = colors.card;
  pen.fillRect(x0 + 5, lane.middle - 8, width + 6, 16);
  pen.fillStyle = colors.ink;
  pen.fillText(span.state, x0 + 8, lane.middle + 0.5);
}

function hatch(pen, x, y, width, height, color, gap) {
  const left = Math.max(x, -20), right = Math.min(x + width, sceneWidth + 20);
  pen.save();
  pen.beginPath();
  pen.rect(left, y, right - left, height);
  pen.clip();
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  const first = Math.floor((left - height) / gap) * gap;
  for (let at = first; at < right; at += gap) line(pen, at, y + height, at + height, y);
  pen.restore();
}

function tickStep() {
  const span = state.view[1] - state.view[0], count = Math.max(3, sceneWidth / 90);
  let step = 1;
  while (step * 10 * count < span) step *= 10;
  for (const factor of [1, 2, 5, 10]) if (step * factor * count >= span) return [step * factor];
  return [step * 10];
}

function tick(t, step) {
  const digits = step >= 1e9 ? 0 : step >= 1e6 ? Math.max(1, 9 - Math.floor(Math.log10(step)))
    : Math.min(6, 9 - Math.floor(Math.log10(step)));
  return (t / 1e9).toFixed(digits) + ' s';
}

function drawAxis() {
  const pen = sized(axis, sceneWidth, 26), [step] = tickStep();
  pen.font = '11.5px ' + uiFont;
  pen.textBaseline = 'middle';
  pen.fillStyle = colors.soft;
  pen.strokeStyle = colors.rule;
  for (let t = Math.ceil(state.view[0] / step) * step; t <= state.view[1]; t += step) {
    if (t < 0) continue;
    const x = Math.round(xOf(t)) + 0.5;
    line(pen, x, 18, x, 26);
    const text = tick(t, step), width = pen.measureText(text).width;
    pen.fillText(text, Math.min(Math.max(2, x - width / 2), sceneWidth - width - 2), 10);
  }
}
