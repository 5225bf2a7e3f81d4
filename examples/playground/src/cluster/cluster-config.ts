/** The playground's configuration for gateways that share their engines: the same file, but for where things are kept and how a balancer finds it. */

/** What is in its place. Each must be there once, or the file has changed and this with it. */
const changes: readonly (readonly [line: string, inPlace: string])[] = [
  ['listen: { port: "${PORT}", contract: problem }', 'listen: { port: "${PORT}", contract: problem, health: true, trust: 1 }'],
  ['admin: { port: "${ADMIN_PORT}" }', 'admin: { port: "${ADMIN_PORT}", token: "${ADMIN_TOKEN}" }'],
  // Services keep the address of a call, whichever gateway it came from: any of them settles it.
  ['calls: { port: 0 }', 'calls: { port: "${CALLS_PORT}", url: "${CALLS_URL}" }'],
  ['store: { sqlite: "${DATABASE}" }', 'store: { postgres: "${DATABASE_URL}" }'],
]

/** Beside the playground's own: one that a steady caller pays, so that there is something to count. */
const coins = `
  coins:
    mount: /coins
    contract: problem
    upstream: coins
    credentials: { from: [{ header: x-api-key }], prefix: coin_ }
    meters:
      second: { window: 1s, per: account, limit: 1000 }
      credit: { balance: { scale: 2 }, per: account }
    plans: { basic: {} }
    routes:
      - on: POST /v1/coins
        steps:
          - take: [second]
          - idempotency: { required: true }
          # What a crash leaves open comes back soon.
          - take: [{ meter: credit, price: 0.10 }]
            hold: { for: 5s, onExpiry: release }
      - { on: GET /v1/look, steps: [{ take: [second] }] }
`

/** `folder`: what its relative paths are relative to. */
export function toClusterConfig(text: string, folder: string, { withValkey }: { readonly withValkey: boolean }): string {
  let changed = text
  for (const [line, inPlace] of changes) {
    if (changed.split(line).length !== 2) throw new Error(`the playground's configuration has no line "${line}"`)
    changed = changed.replace(line, () => inPlace)
  }
  const counters = withValkey ? 'counters: { valkey: "${VALKEY_URL}" }\n' : ''
  if (changed.split('\napis:\n').length !== 2 || changed.split('\nupstreams:\n').length !== 2) throw new Error('the playground\'s configuration has no place for another API')
  changed = changed.replace('\nupstreams:\n', () => '\nupstreams:\n  coins: { url: "${COINS_URL}", idempotent: true }\n').replace('\napis:\n', () => `\napis:${coins}`)
  return `${counters}${changed.replaceAll(/(?<=[ :])\.\.\//g, () => `${folder}/../`)}`
}
