// The page on top of `run.js`, which stands before it: one API at a time, Run, Run all, tallies, filter, live accounts. All that is shown comes from
// the same JSON that anybody can read.

const IMPORTANT = /^(retry-after|x-ratelimit-.*|ratelimit.*|www-authenticate|allow|location|idempotent-replayed|x-should-retry|.*request-id)$/

const find = (selector, within = document) => within.querySelector(selector)
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)]

document.documentElement.classList.add('scripted')
const { apis } = await fetch('/playground').then((answer) => answer.json())
const recipes = new Map(apis.flatMap((api) => api.recipes.map((recipe) => [`${api.name}/${recipe.id}`, { ...recipe, api }])))
/** Place → whether it ran as documented. */
const outcomes = new Map()
/** Set while Run all is at work; aborting stops it after the call under way. */
let running

// --- one API at a time, named by the address ---

function follow() {
  const place = decodeURIComponent(location.hash.slice(1))
  const [name = ''] = place.split('/')
  const chosen = apis.some((api) => api.name === name) ? name : apis[0].name
  for (const section of findAll('.api')) section.hidden = section.id !== chosen
  for (const tab of findAll('[data-tab]')) {
    if (tab.dataset.tab === chosen) tab.setAttribute('aria-current', 'page')
    else tab.removeAttribute('aria-current')
  }
  for (const recipe of findAll('.aimed')) recipe.classList.remove('aimed')
  const aimed = recipes.has(place) && document.getElementById(place)
  aimed?.classList?.add('aimed')
  if (aimed) aimed.scrollIntoView({ block: 'center' })
}

addEventListener('hashchange', () => {
  follow()
  const { hash } = location
  if (!hash.includes('/')) find(`.api:not([hidden]) h2`).focus({ preventScroll: true })
  if (!hash.includes('/') && find('.frame').getBoundingClientRect().top < 0) find('.frame').scrollIntoView()
})
follow()

// --- running ---

document.addEventListener('click', (event) => {
  const button = event.target.closest('button')
  if (button === null) return
  if (button.dataset.run !== undefined) runOne(button.dataset.run, true)
  else if (button.dataset.runAll !== undefined) runAll(button)
  else if (button.classList.contains('copy')) copy(button)
})

async function runOne(place, open) {
  const recipe = recipes.get(place)
  const row = document.getElementById(place)
  const button = find('.run', row)
  const panel = find('.answer', row)
  button.disabled = true
  try {
    const run = await runRecipe(recipe)
    const documented = isAsDocumented(run.meant, recipe.expect)
    outcomes.set(place, documented)
    showAnswer(panel, recipe, run, documented)
    panel.open = open || !documented
    if (open) speak(`${run.meant.status} ${codeOf(run.meant, recipe.expect.codeAt ?? '') ?? ''}, ${documented ? 'as documented' : 'not as documented'}`)
  } catch (error) {
    outcomes.set(place, false)
    panel.replaceChildren(element('summary', 'no', 'no answer'), element('pre', 'no', `${error.message}`))
    panel.open = true
  }
  panel.hidden = false
  button.disabled = false
  showMark(find('.mark', row), outcomes.get(place))
  showTally(recipe.api)
  refreshAccounts(recipe.api.name)
}

async function runAll(button) {
  if (running !== undefined) return running.abort()
  running = new AbortController()
  const { signal } = running
  const label = button.textContent
  button.textContent = 'Stop'
  const chosen = apis.filter(({ name }) => button.dataset.runAll === '' || name === button.dataset.runAll)
  for (const api of chosen) {
    if (chosen.length > 1 && !signal.aborted) location.hash = api.name
    const places = api.recipes.map(({ id }) => `${api.name}/${id}`)
    for (const place of places) outcomes.delete(place)
    for (const place of places) if (!signal.aborted) await runOne(place, false)
    speak(`${api.title}: ${tallyOf(api).text}`)
  }
  button.textContent = label
  running = undefined
}

/** A code counts when it came at least once and never otherwise than documented. */
function tallyOf(api) {
  const ran = api.recipes.filter(({ id }) => outcomes.has(`${api.name}/${id}`))
  const otherwise = ran.filter(({ id }) => outcomes.get(`${api.name}/${id}`) === false)
  const odd = new Set(otherwise.map(({ shows }) => shows))
  const good = api.codes.filter((code) => !odd.has(code) && ran.some(({ shows }) => shows === code)).length
  return { ran: ran.length, good, otherwise: otherwise.length, text: `${good} of ${api.codes.length} ran as documented` }
}

function showTally(api) {
  const { ran, good, otherwise, text } = tallyOf(api)
  const section = document.getElementById(api.name)
  const tally = find('.tally', section)
  tally.replaceChildren(element(good > 0 ? 'b' : 'span', '', text))
  if (otherwise > 0) tally.append(', ', element('em', '', `${otherwise} ${otherwise === 1 ? 'call' : 'calls'} otherwise`))
  find('progress', section).value = ran
  const tab = find(`[data-tab="${api.name}"]`)
  find('.count', tab).textContent = `${good} of ${api.codes.length} as documented`
  find('.gauge', tab).classList.toggle('off', otherwise > 0)
  find('.gauge i', tab).style.width = `${(100 * good) / api.codes.length}%`
}

function showMark(mark, documented) {
  mark.className = `mark ${documented ? 'yes' : 'no'}`
  mark.textContent = documented ? '✓ as documented' : '✗ not as documented'
  mark.hidden = false
}

// --- answers ---

function showAnswer(panel, recipe, { answers, meant }, documented) {
  const summary = element('summary')
  summary.append(statusOf(meant.status), element('span', '', `${Math.max(1, Math.round(meant.milliseconds))} ms`))
  const { expect } = recipe
  summary.append(element('span', documented ? 'yes' : 'no', documented ? 'as documented' : `documented is ${expect.status} ${expect.code ?? ''}`))
  if (answers.length > 1) summary.append(element('span', '', callsText(answers)))

  const whole = element('div', 'whole')
  whole.append(headersOf(meant.headers), element('pre', '', pretty(meant.text)))
  whole.lastChild.tabIndex = 0
  panel.replaceChildren(summary, whole)
}

/** `19 × 200, then 429` */
function callsText(answers) {
  const runs = []
  for (const { status } of answers) {
    if (runs.at(-1)?.status === status) runs.at(-1).count += 1
    else runs.push({ status, count: 1 })
  }
  return `calls: ${runs.map(({ status, count }) => (count > 1 ? `${count} × ${status}` : status)).join(', then ')}`
}

function headersOf(headers) {
  const box = element('div', 'headers')
  const important = headers.filter(([name]) => IMPORTANT.test(name))
  const others = headers.filter(([name]) => !IMPORTANT.test(name))
  if (important.length > 0) box.append(headerLines(important))
  const rest = element('details')
  rest.append(element('summary', '', `${others.length} more headers`), headerLines(others))
  rest.open = important.length === 0
  box.append(rest)
  return box
}

function headerLines(headers) {
  const lines = element('pre')
  for (const [name, value] of headers) lines.append(element('b', '', name), `: ${value}\n`)
  return lines
}

function statusOf(status) {
  const kind = status === 429 ? 'limit' : status < 400 ? 'good' : status < 500 ? 'bad' : 'broken'
  return element('span', `status ${kind}`, status)
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text === '' ? '(no body)' : text
  }
}

// --- filter ---

document.addEventListener('input', ({ target }) => {
  if (!target.classList.contains('filter')) return
  const words = target.value.toLowerCase().split(/\s+/)
  const section = target.closest('.api')
  for (const group of findAll('.code', section)) {
    const head = find('h3', group).textContent.toLowerCase()
    for (const row of findAll('.recipe', group)) {
      const text = `${head} ${find('.what', row).textContent.toLowerCase()}`
      row.hidden = !words.every((word) => text.includes(word))
    }
    group.hidden = findAll('.recipe', group).every((row) => row.hidden)
  }
  find('.none', section).hidden = findAll('.code', section).some((group) => !group.hidden)
})

// --- live accounts ---

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

function readingLine({ name, kind, used, limit, available, held }) {
  const line = element('div', 'reading')
  const text = kind === 'balance' ? `${available} available${Number(held) > 0 ? `, ${held} held` : ''}` : `${number(used)} of ${number(limit)}`
  line.append(element('span', '', name), element('b', kind === 'balance' ? '' : used >= limit ? 'full' : used === 0 ? 'unused' : '', text))
  return line
}

// --- small things ---

const number = (value) => value.toLocaleString('en')

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.text ?? find('code', button.parentElement).textContent)
  button.textContent = 'Copied'
  speak('Copied')
  setTimeout(() => (button.textContent = 'Copy'), 1500)
}

function speak(text) {
  document.getElementById('spoken').textContent = text
}

function element(name, className = '', text = '') {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}
