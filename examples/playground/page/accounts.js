// The sample accounts as they stand now, looked at again after each call while they are open.

for (const panel of findAll('.accounts')) panel.addEventListener('toggle', () => refreshAccounts(panel.dataset.accounts))

let refreshing
/** At most one look at a time, and none while nobody looks. */
async function refreshAccounts(name) {
  const panel = find(`[data-accounts="${name}"]`)
  if (!panel.open || refreshing !== undefined) return
  refreshing = name
  try {
    const { accounts } = await fetch(`/playground/accounts/${name}`, { cache: 'no-store' }).then((answer) => answer.json())
    find('.table', panel).replaceChildren(accountTable(accounts))
  } catch (error) {
    find('.table', panel).replaceChildren(element('pre', 'no', `No answer: ${error.message}`))
  }
  refreshing = undefined
}

function accountTable(accounts) {
  const table = element('table')
  const head = table.createTHead().insertRow()
  for (const title of ['Account', 'Keys', 'Used now']) {
    const cell = element('th', '', title)
    cell.scope = 'col'
    head.append(cell)
  }
  const body = table.createTBody()
  for (const account of accounts) {
    const row = body.insertRow()
    const state = account.status === 'active' ? account.plan : account.status.replaceAll('_', ' ')
    row.insertCell().append(account.name, element('small', '', `${account.id} · ${state}`))
    row.insertCell().append(...account.keys.map(keyLine))
    row.insertCell().append(...account.meters.map(readingLine))
  }
  return table
}

function keyLine({ secret, status }) {
  const line = element('div', 'key')
  const copyButton = element('button', 'copy', 'Copy')
  copyButton.dataset.text = secret
  copyButton.setAttribute('aria-label', `Copy the key ${secret}`)
  line.append(element('code', '', secret.length > 30 ? `${secret.slice(0, 26)}…` : secret), copyButton)
  if (status !== 'active') line.append(element('small', '', status))
  return line
}

function readingLine({ kind, name, used, limit, available, held }) {
  const line = element('div', 'reading')
  const text = kind === 'balance' ? `${available} available${Number(held) > 0 ? `, ${held} held` : ''}` : `${number(used)} of ${number(limit)}`
  line.append(element('span', '', name), element('b', kind === 'balance' ? '' : Number(used) >= Number(limit) ? 'full' : Number(used) === 0 ? 'unused' : '', text))
  return line
}

const number = (value) => value.toLocaleString('en')
