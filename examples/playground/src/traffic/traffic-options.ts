/** The command line of `npm run traffic`. */
import { parseArgs } from 'node:util'

export interface TrafficOptions {
  /** Without a slash at its end. */
  readonly url: string
  readonly seconds: number
  /** Calls a second. */
  readonly rate: number
  readonly seed: number
}

export type ParsedOptions = { readonly kind: 'send'; readonly options: TrafficOptions } | { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly message: string }

export const HELP = `Sends a realistic mix of calls to every API of a running playground, then says what came back.

  npm run traffic -- [options]

  --url URL        where the playground is     (default http://127.0.0.1:8080)
  --seconds N      how long                    (default 60, at most 86400)
  --rate N         calls a second              (default 5, at most 1000)
  --seed N         the same mix again          (default: another each time)
  --allow-remote   also to a playground that is not on this machine
  --help

Ctrl-C ends it early, with the same summary.
`

export function parseTrafficOptions(args: readonly string[], randomSeed: number): ParsedOptions {
  const read = readArgs(args)
  if (!read.ok) return { kind: 'wrong', message: read.message }
  const { help, url: given, seconds, rate, seed, 'allow-remote': allowRemote } = read.values
  if (help === true) return { kind: 'help' }
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return wrong('--url', given, 'an address such as http://127.0.0.1:8080')
  if (allowRemote !== true && !isLoopback(url.hostname)) return { kind: 'wrong', message: `${url.hostname} is not this machine; if you may send traffic there, add --allow-remote` }
  if (!isWithin(seconds, 1, 86_400)) return wrong('--seconds', seconds, 'a number from 1 to 86400')
  if (!isWithin(rate, 0.1, 1_000)) return wrong('--rate', rate, 'a number from 0.1 to 1000')
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) return wrong('--seed', seed, 'a whole number of at most nine digits')
  return { kind: 'send', options: { url: url.origin, seconds: Number(seconds), rate: Number(rate), seed: seed === undefined ? randomSeed : Number(seed) } }
}

function readArgs(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        seconds: { type: 'string', default: '60' },
        rate: { type: 'string', default: '5' },
        seed: { type: 'string' },
        'allow-remote': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return { ok: true, values } as const
  } catch (error) {
    return { ok: false, message: `${error instanceof Error ? error.message : String(error)} (--help shows what there is)` } as const
  }
}

function wrong(option: string, value: string, wanted: string): ParsedOptions {
  return { kind: 'wrong', message: `${option} must be ${wanted}, not "${value}"` }
}

function isWithin(text: string, least: number, most: number): boolean {
  return /^\d+(?:\.\d+)?$/.test(text) && Number(text) >= least && Number(text) <= most
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
