// An answer as the page shows it: status, time and verdict in one line that folds the rest, headers of weight first.

const IMPORTANT = /^(retry-after|x-ratelimit-.*|ratelimit.*|www-authenticate|allow|location|idempotent-replayed|x-should-retry|.*request-id)$/

export function showAnswer(panel, recipe, { answers, meant }, documented) {
  const summary = element('summary')
  summary.append(statusOf(meant.status), element('span', '', `${Math.max(1, Math.round(meant.milliseconds))} ms`))
  const { expect } = recipe
  summary.append(element('span', documented ? 'yes' : 'no', documented ? 'as documented' : `documented is ${expect.status} ${expect.code ?? ''}`))
  if (answers.length > 1) summary.append(element('span', '', callsText(answers)))

  const reply = element('div', 'reply')
  reply.append(headersOf(meant.headers), element('pre', '', pretty(meant.text)))
  reply.lastChild.tabIndex = 0
  panel.replaceChildren(summary, reply)
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
