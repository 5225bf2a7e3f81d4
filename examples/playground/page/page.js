
// Each "Run" sends the recipe's own request and shows what came back. The recipes come from the same JSON that anybody can read.
const recipes = fetch('/playground')
  .then((answer) => answer.json())
  .then(({ apis }) => new Map(apis.flatMap((api) => api.recipes).map((recipe) => [recipe.id, recipe])))

document.addEventListener('click', (event) => {
  const button = event.target.closest('button')
  if (button?.dataset.run) run(button)
  else if (button?.className === 'copy') copy(button)
})

async function run(button) {
  const panel = button.parentElement.querySelector('.answer')
  button.disabled = true
  try {
    const recipe = (await recipes).get(button.dataset.run)
    show(panel, recipe, await send(recipe))
  } catch (error) {
    panel.replaceChildren(element('pre', '', `No answer: ${error.message}. Is the playground still running?`))
  }
  panel.hidden = false
  button.disabled = false
}

async function send({ request, repeat }) {
  const { method, path, headers, body } = request
  let answer
  let milliseconds
  for (let sent = 0; sent < repeat; sent += 1) {
    const started = performance.now()
    answer = await fetch(path, { method, headers, body, cache: 'no-store' })
    milliseconds = performance.now() - started
  }
  return { answer, milliseconds, text: await answer.text() }
}

function show(panel, recipe, { answer, milliseconds, text }) {
  const { body, code } = read(text)
  const expected = answer.status === recipe.expect.status && code === recipe.expect.code
  const kind = answer.status === 429 ? 'limit' : answer.status < 400 ? 'good' : answer.status < 500 ? 'bad' : 'broken'

  const head = element('header')
  head.append(
    element('span', `status ${kind}`, answer.status),
    element('span', '', `${Math.max(1, Math.round(milliseconds))} ms${recipe.repeat > 1 ? `, call ${recipe.repeat} of ${recipe.repeat}` : ''}`),
    element('span', expected ? 'as-expected' : 'unexpected', expected ? 'as expected' : `expected ${recipe.expect.status} ${recipe.expect.code ?? ''}`),
  )
  const headers = element('pre', 'headers')
  for (const [name, value] of answer.headers) headers.append(element('b', '', name), `: ${value}\n`)
  panel.replaceChildren(head, headers, element('pre', '', body))
}

function read(text) {
  try {
    const value = JSON.parse(text)
    return { body: JSON.stringify(value, null, 2), code: value.error?.code }
  } catch {
    return { body: text, code: undefined }
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(button.previousElementSibling.textContent)
  button.textContent = 'Copied'
  setTimeout(() => (button.textContent = 'Copy'), 1500)
}

function element(name, className = '', text = '') {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}
