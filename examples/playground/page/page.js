// The page itself, after the scripts of this folder that it builds on: one API at a time, Run, Run all, tallies. All that is shown comes from the
// same JSON that anybody can read.

const { apis } = await fetch('/playground').then((answer) => answer.json())
const recipes = new Map(apis.flatMap((api) => api.recipes.map((recipe) => [`${api.name}/${recipe.id}`, { ...recipe, api }])))
// From here on its buttons are heard: all that follows waits for nothing.
document.documentElement.classList.add('scripted')
/** Place → whether it ran as documented. */
const outcomes = new Map()

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
  // Of a row that is wider than the screen.
  const row = find('.side ul')
  row.scrollLeft = find('[aria-current]', row).offsetLeft - row.offsetLeft - 40
  for (const recipe of findAll('.aimed')) recipe.classList.remove('aimed')
  const aimed = recipes.has(place) && document.getElementById(place)
  aimed?.classList?.add('aimed')
  if (aimed) aimed.scrollIntoView({ block: 'center' })
}

addEventListener('hashchange', () => {
  follow()
  if (location.hash.includes('/')) return
  find(`.api:not([hidden]) h2`).focus({ preventScroll: true })
  const above = find('.frame').getBoundingClientRect().top
  if (above < 0) scrollBy(0, above)
})
follow()

// --- running ---

document.addEventListener('click', (event) => {
  const button = event.target.closest('button')
  if (button === null) return
  if (button.dataset.run !== undefined) runOne(button.dataset.run, true)
  else if (button.dataset.runAll !== undefined) toggleRun(button)
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

/** What is at work, by what its button says: the name of an API, or nothing for all of them. They run beside each other; which API is looked at is nothing to them. */
const running = new Map()

/** Stopping ends it after the call under way. */
function toggleRun(button) {
  const what = button.dataset.runAll
  if (running.has(what)) running.get(what).controller.abort()
  else if (what === '') begin('', runEverything)
  else runApi(apis.find(({ name }) => name === what))
}

/** Of what is at work already, the same run. */
function begin(what, work) {
  const controller = new AbortController()
  const button = find(`[data-run-all="${what}"]`)
  const label = button.textContent
  const done = work(controller.signal).finally(() => {
    button.textContent = label
    running.delete(what)
  })
  button.textContent = 'Stop'
  running.set(what, { controller, done })
  return done
}

async function runEverything(signal) {
  signal.addEventListener('abort', () => running.forEach(({ controller }) => controller.abort()), { once: true })
  for (const api of apis) if (!running.has(api.name)) forget(api)
  for (const api of apis) if (!signal.aborted) await runApi(api)
  speak(`${tallyOf(apis).text} over all APIs`)
}

function runApi(api) {
  return running.get(api.name)?.done ?? begin(api.name, async (signal) => {
    forget(api)
    for (const { id } of api.recipes) if (!signal.aborted) await runOne(`${api.name}/${id}`, false)
    speak(`${api.title}: ${tallyOf([api]).text}`)
  })
}

/** The answers stay until others come. */
function forget(api) {
  for (const { id } of api.recipes) outcomes.delete(`${api.name}/${id}`)
  for (const mark of findAll('.mark', document.getElementById(api.name))) mark.hidden = true
  showTally(api)
}

// --- tallies ---

/** A code counts when it came at least once and never otherwise than documented. */
function tallyOf(some) {
  const sum = { ran: 0, good: 0, otherwise: 0, codes: 0 }
  for (const api of some) {
    const ran = api.recipes.filter(({ id }) => outcomes.has(`${api.name}/${id}`))
    const otherwise = ran.filter(({ id }) => outcomes.get(`${api.name}/${id}`) === false)
    const odd = new Set(otherwise.map(({ shows }) => shows))
    sum.ran += ran.length
    sum.good += api.codes.filter((code) => !odd.has(code) && ran.some(({ shows }) => shows === code)).length
    sum.otherwise += otherwise.length
    sum.codes += api.codes.length
  }
  return { ...sum, text: `${sum.good} of ${sum.codes} as documented` }
}

function showTally(api) {
  const tally = tallyOf([api])
  const section = document.getElementById(api.name)
  find('.tally', section).replaceChildren(...tallyLine(tally))
  find('progress', section).value = tally.ran
  const tab = find(`[data-tab="${api.name}"]`)
  find('.count', tab).replaceChildren(`${tally.good} of ${tally.codes}`, element('span', 'words', ' as documented'))
  showGauge(find('.gauge', tab), tally)
  showTotal(tallyOf(apis))
}

function showTotal(tally) {
  const total = find('.total')
  // A page of one API has none: its own tally says it.
  if (total === null) return
  find('.figure', total).textContent = `${tally.good} of ${tally.codes}`
  find('.tally', total).replaceChildren(tally.otherwise > 0 ? otherwiseOf(tally) : 'as documented')
  total.classList.toggle('whole', tally.good === tally.codes && tally.otherwise === 0)
  showGauge(find('.gauge', total), tally)
}

function tallyLine(tally) {
  const line = [element(tally.good > 0 ? 'b' : 'span', '', tally.text)]
  return tally.otherwise > 0 ? [...line, ', ', otherwiseOf(tally)] : line
}

function otherwiseOf({ otherwise }) {
  return element('em', '', `${otherwise} ${otherwise === 1 ? 'call' : 'calls'} otherwise`)
}

function showGauge(gauge, { good, codes, otherwise }) {
  gauge.classList.toggle('off', otherwise > 0)
  find('i', gauge).style.width = `${(100 * good) / codes}%`
}

function showMark(mark, documented) {
  mark.className = `mark ${documented ? 'yes' : 'no'}`
  mark.textContent = documented ? '✓ as documented' : '✗ not as documented'
  mark.hidden = false
}

// --- copying ---

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.text ?? find('code', button.parentElement).textContent)
  button.textContent = 'Copied'
  speak('Copied')
  setTimeout(() => (button.textContent = 'Copy'), 1500)
}
