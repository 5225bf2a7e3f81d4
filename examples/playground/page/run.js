// Runs a recipe as its curl lines would. The page, the end-to-end tests and the traffic all use this one file, so that they cannot differ.

/**
 * Gives every answer in order and the one that is meant: the last, or of calls made at once the first that is as documented.
 * `send` is `fetch`; `pause` waits so many milliseconds; `onAnswer` hears of each answer as it comes.
 */
export async function runRecipe({ before = [], request, repeat = 1, parallel = 1, expect }, options = {}) {
  const values = { fresh: freshText() }
  const prepared = await runSteps(before, { ...options, values })
  const call = () => callOnce(request, { ...options, values })
  const answers = []
  if (parallel > 1) answers.push(...(await Promise.all(Array.from({ length: parallel }, call))))
  else for (let sent = 0; sent < repeat; sent += 1) answers.push(await call())
  const meant = (parallel > 1 && answers.find((answer) => isAsDocumented(answer, expect))) || answers.at(-1)
  return { answers: [...prepared, ...answers], meant }
}

/** Makes the calls one after the other; what they capture is put into `values`. Rejects when one of them is refused: what follows builds on it. */
export async function runSteps(steps, options) {
  const { values, pause = sleep } = options
  const answers = []
  for (const { request, capture = {}, repeat = 1, thenWaitSeconds = 0 } of steps) {
    for (let sent = 0; sent < repeat; sent += 1) answers.push(await callOnce(request, options))
    const last = answers.at(-1)
    if (last.status >= 400) throw new Error(`${request.method} ${request.path}, which comes first, was answered ${last.status}: ${last.text.slice(0, 300)}`)
    for (const [name, field] of Object.entries(capture)) values[name] = captured(last, field)
    if (thenWaitSeconds > 0) await pause(thenWaitSeconds * 1000)
  }
  return answers
}

/** Whether status and code are those that the contract has for the recipe. */
export function isAsDocumented(answer, expect) {
  return answer.status === expect.status && (expect.codeAt === undefined || codeOf(answer, expect.codeAt) === expect.code)
}

/** The API's own code in an answer or in the last event of a stream, by the dotted path where its envelope has it; undefined where there is none. */
export function codeOf({ text }, codeAt) {
  const events = [...text.matchAll(/^data: ?(\{.*)$/gm)].map(([, data]) => data)
  let value
  try {
    value = JSON.parse(events.at(-1) ?? text)
  } catch {
    return undefined
  }
  for (const name of codeAt.split('.')) value = value !== null && typeof value === 'object' && Object.hasOwn(value, name) ? value[name] : undefined
  return value ?? undefined
}

async function callOnce(request, { values, send = fetch, onAnswer = () => {} }) {
  const { method, path, headers, body, form } = withValues(request, values)
  const started = performance.now()
  const response = await send(path, { method, headers, body: form === undefined ? body : toFormData(form), cache: 'no-store' })
  const text = await response.text()
  const answer = { status: response.status, headers: [...response.headers], text, milliseconds: performance.now() - started }
  onAnswer(answer)
  return answer
}

function toFormData(parts) {
  const data = new FormData()
  for (const { kind, name, value, file } of parts) {
    if (kind === 'text') data.append(name, value)
    else data.append(name, new Blob([Uint8Array.from(file.begins, (character) => character.charCodeAt(0)), new Uint8Array(file.zeros ?? 0)], { type: file.type }), file.filename)
  }
  return data
}

/** The same rule as the `sed` of the curl lines: what stands behind the last `"field":`, up to a quote, comma or brace. */
function captured({ status, text }, field) {
  const value = text.match(new RegExp(`.*"${field}": *"*([^",}]*)`))?.[1]
  if (value === undefined) throw new Error(`the call before answered ${status} without a "${field}"`)
  return value
}

/** Puts captured values wherever the request says `{{name}}`. */
function withValues(request, values) {
  const filled = JSON.stringify(request).replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name) => (Object.hasOwn(values, name) ? JSON.stringify(values[name]).slice(1, -1) : placeholder))
  return JSON.parse(filled)
}

function freshText() {
  return `${Date.now()}-${Math.floor(Math.random() * 1e6)}`
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
