function seconds(ns) {
  return (ns / 1e9).toFixed(3) + ' s';
}

function grouped(number) {
  return number.toLocaleString('en-US');
}

function money(event) {
  if (event.amount === null || event.amount === undefined) return '';
  return (event.currency ? event.currency + ' ' : '') + grouped(event.amount);
}

const fateWords = {
  sent: 'sent', delivered: 'arrived', lost: 'was lost', duplicated: 'arrived a second time',
  late: 'came too late', reset: 'was reset', refused: 'found no server', mangled: 'arrived mangled',
};

function method(event) {
  return event.method.split('/').pop();
}

function outcomeWords(event) {
  switch (event.outcome) {
  case 'paid': return 'paid ' + money(event) + ' as ' + event.payment_id + replayed(event);
  case 'refunded': return 'refunded ' + money(event) + ' of ' + event.payment_id + replayed(event);
  case 'read': return 'read ' + event.payment_id + ', ' + grouped(event.remaining) + ' remaining';
  case 'refused': return 'refused: ' + event.status + ' ' + event.code;
  default: return 'unknown: ' + event.code;
  }
}

function replayed(event) {
  return event.replay ? ' (a replay)' : '';
}

function actionWords(event) {
  switch (event.action) {
  case 'pay': return 'pay ' + money(event) + ' for ' + event.order_id;
  case 'refund':
    return 'refund ' + (event.amount === null ? 'all' : grouped(event.amount)) + ' of '
      + event.payment_id;
  default: return 'read ' + event.payment_id;
  }
}

// One event as a short sentence.
function sentence(event) {
  switch (event.what) {
  case 'invoked': return 'Operation ' + event.operation + ' begins: ' + actionWords(event);
  case 'tried': return 'Try ' + event.attempt + ' of operation ' + event.operation;
  case 'returned': return 'Operation ' + event.operation + ' ends: ' + outcomeWords(event);
  case 'committed':
    return 'Entry ' + event.sequence + ': ' + event.kind + ' of ' + money(event) + ' for '
      + (event.refund_id || event.payment_id);
  case 'balances': return 'Balances in ' + event.currency + ' at entry ' + event.sequence;
  case 'judged':
    return (event.bad ? 'A bad token' : 'A good token') + (event.accepted ? ' accepted' : ' refused');
  case 'probed':
    return event.service + (event.serving ? ' says it serves' : ' says it does not serve')
      + (event.canary === null ? '' : event.canary ? ', and does' : ', but a call fails');
  case 'process': return event.process + ' ' + stateWords[event.state];
  case 'fault': return 'Fault ' + event.fault + ' ' + faultWords[event.state];
  case 'crossing':
    return method(event) + ' ' + event.leg + ' ' + fateWords[event.fate];
  default: return 'Counted: ' + event.metric;
  }
}

const stateWords = {
  started: 'starts', serving: 'serves', draining: 'drains', stopped: 'stopped', crashed: 'crashes',
  paused: 'is paused', resumed: 'goes on',
};
const faultWords = {
  armed: 'is armed', fired: 'fires', effective: 'has an effect', reverted: 'ends',
};

function where(index) {
  const event = events[index];
  if (event.what === 'crossing') return event.from + ' → ' + event.to;
  if (event.what === 'committed' || event.what === 'balances') return 'ledger';
  return ties[index].processes[0] || event.fault || '';
}
