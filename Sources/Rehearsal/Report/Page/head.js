const verdictSigns = { pass: '✓', fail: '✕', unknown: '?' };
const resultSigns = { pass: '✓', fail: '✕', unknown: '?', vacuous: '∅', skipped: '–' };

function showHead() {
  $('name').textContent = report.scenario.name;
  $('about').textContent = report.scenario.about;
  const result = $('result');
  result.textContent = resultSigns[report.result] + ' ' + report.result;
  const isSaid = report.reason && report.verdicts.some((it) => it.sentence
    && report.reason.endsWith(it.sentence));
  if (report.reason && !isSaid) $('reason').textContent = report.reason;
  result.classList.add(report.result);
  const facts = [['Seed', report.seed], ['Commit', report.commit],
    ['Virtual time', seconds(report.virtual_ns)], ['Steps', grouped(report.steps)],
    ['Events', grouped(events.length)
      + (report.dropped_events ? ', ' + grouped(report.dropped_events) + ' dropped' : '')],
    ['Trace', report.trace_hash]];
  for (const [name, value] of facts) {
    const fact = make('div');
    fact.append(make('dt', name), make('dd', value));
    $('facts').append(fact);
  }
  $('replay').textContent = report.replay;
  $('copy').onclick = copyReplay;
  $('yaml').textContent = report.scenario.yaml;
  $('bundle').onclick = saveBundle;
}

async function copyReplay() {
  try {
    await navigator.clipboard.writeText(report.replay);
  } catch {
    const range = document.createRange();
    range.selectNodeContents($('replay'));
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    document.execCommand('copy');
  }
  $('copy').textContent = 'Copied';
  setTimeout(() => { $('copy').textContent = 'Copy'; }, 1600);
}

function saveBundle() {
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([$('report').textContent], { type: 'application/json' }));
  link.download = report.scenario.name + '-' + report.seed + '.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function showVerdicts() {
  for (const verdict of report.verdicts) {
    const item = make('li', null, verdict.verdict);
    item.append(make('b', verdictSigns[verdict.verdict]), make('span', verdict.oracle));
    item.setAttribute('aria-label', verdict.oracle + ': ' + verdict.verdict);
    if (verdict.verdict === 'unknown') item.append(make('small', verdict.sentence));
    $('verdicts').append(item);
    if (verdict.verdict === 'fail') $('broken').append(violation(verdict));
  }
}

function violation(verdict) {
  const box = make('div', null, 'violation');
  box.append(make('strong', '✕ ' + verdict.oracle), make('p', verdict.sentence));
  const list = make('ol');
  for (const place of verdict.witnesses.filter((it) => events[it])) {
    const button = make('button'), item = make('li');
    button.type = 'button';
    button.dataset.witness = place;
    button.append(make('b', seconds(events[place].at)), make('span', sentence(events[place])));
    button.onclick = () => visit(place);
    item.append(button);
    list.append(item);
  }
  box.append(list);
  return box;
}

function showFaults() {
  for (const fault of report.faults) {
    const row = make('tr', null, fault.effective ? '' : 'idle');
    for (const text of [fault.id, fault.kind, fault.armed, fault.fired, fault.effective]) {
      row.append(make('td', String(text)));
    }
    $('faults').tBodies[0].append(row);
  }
  if (!report.faults.length) $('faults').parentElement.hidden = true;
}

function swatch(text, paint) {
  const item = make('li'), canvas = make('canvas');
  canvas.style.width = '38px';
  canvas.style.height = '20px';
  item.append(canvas, make('span', text));
  $('legend').append(item);
  paint(sized(canvas, 38, 20));
}

function showLegend() {
  $('legend').replaceChildren();
  const message = (text, fate, leg) => swatch(text, (pen) => {
    pen.strokeStyle = pen.fillStyle = colors[fate];
    stroke(pen, fateLooks[fate], 2, 10, 31, 10, false);
    drawEnd(pen, fateLooks[fate].end, 2, 10, 31, 10, leg);
  });
  message('request delivered', 'delivered', 'request');
  message('reply delivered', 'delivered', 'reply');
  message('lost', 'lost');
  message('late', 'late');
  message('duplicated', 'duplicated', 'request');
  message('reset', 'reset');
  message('refused, no server', 'refused');
  message('mangled', 'mangled');
  message('still under way', 'flying');
  swatch('capture committed', (pen) => diamond(pen, 19, 10, 6.5, colors.commit, colors.commit));
  swatch('refund committed', (pen) => diamond(pen, 19, 10, 6.5, colors.card, colors.commit));
  for (const outcome of ['paid', 'refunded', 'read', 'refused', 'unknown']) {
    swatch((outcome === 'refused' ? 'operation refused' : outcome), (pen) => legendBar(pen, outcome));
  }
  swatch('crashed or stopped', (pen) => {
    hatch(pen, 2, 3, 34, 14, colors.soft, 6);
    pen.strokeStyle = colors.soft;
    pen.strokeRect(2.5, 3.5, 33, 13);
  });
  swatch('paused', (pen) => { pen.fillStyle = colors.dead; pen.globalAlpha = 0.6; pen.fillRect(2, 3, 34, 14); });
  swatch('struck by a fault', (pen) => {
    pen.fillStyle = colors.fault;
    pen.globalAlpha = 0.2; pen.fillRect(2, 1, 34, 18);
    pen.globalAlpha = 1; pen.fillRect(2, 1, 1.5, 18); pen.fillRect(34.5, 1, 1.5, 18);
  });
  swatch('witness of a broken rule', (pen) => legendRing(pen, colors.bad));
}

function legendBar(pen, outcome) {
  const color = outcomeColor(outcome), isHollow = outcome === 'refused' || outcome === 'unknown';
  pen.fillStyle = isHollow ? colors.card : color;
  pen.strokeStyle = color;
  pen.lineWidth = 1.3;
  pen.beginPath();
  pen.roundRect(2, 3.5, 34, 13, 3);
  pen.fill();
  if (outcome === 'unknown') hatch(pen, 2, 3.5, 34, 13, color, 4);
  pen.strokeStyle = color;
  pen.lineWidth = 1.3;
  pen.stroke();
  const x1 = outcome === 'unknown' ? 29 : 36;
  drawSign(pen, outcomeSigns[outcome], isHollow ? color : colors.card, x1, { middle: 10 });
}

function legendRing(pen, color) {
  pen.strokeStyle = color;
  pen.lineWidth = 2.4;
  pen.beginPath();
  pen.arc(19, 10, 8, 0, 7);
  pen.stroke();
}
