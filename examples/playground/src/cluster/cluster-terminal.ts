/** What `npm run start:cluster` prints: where things are, which keys do what, and one line that says how it goes. Pure. */
import { formatMoney } from 'tollgate/contract'
import type { BackendState } from './balancer.ts'
import type { ClusterBooks } from './cluster.ts'

export interface ClusterPlaces {
  readonly url: string
  readonly adminUrls: readonly string[]
  readonly adminToken: string
  /** What the gateways share. */
  readonly engines: readonly string[]
}

export interface ClusterFigures {
  readonly gateways: readonly (BackendState & { readonly isRunning: boolean })[]
  /** Undefined: they could not be read. */
  readonly books: ClusterBooks | undefined
  /** Calls that were answered with a coin, and those that are still to be told. */
  readonly paid: number
  readonly open: number
  /** What the service behind has made. */
  readonly made: number
  readonly refusals: ReadonlyMap<number, number>
}

const PRICE = 10

export function formatCluster({ url, adminUrls, adminToken, engines }: ClusterPlaces, colours: boolean): string {
  const bold = (text: string): string => (colours ? `\u001B[1m${text}\u001B[0m` : text)
  return [
    '',
    `  ${bold('Tollgate playground behind two gateways')}, A and B, on one ${engines.join(' and one ')}`,
    '',
    `  Page       ${url}/`,
    ...adminUrls.map((admin, at) => `  Admin ${'AB'[at]}    npx tollgate status --admin ${admin} --token ${adminToken}`),
    '',
    `  ${bold('a')}  kill gateway A as a crash would, or start it again        ${bold('b')}  the same of B`,
    `  ${bold('p')}  kill the database, and start it again after three seconds`,
    `  ${bold('r')}  revoke a key at one gateway, and measure how long the other lets it in`,
    `  ${bold('q')}  stop: what was begun is told, the books are closed, nothing stays behind`,
    '',
    '  Eight callers buy coins of 0.10 without a pause, and ask again with the same key until they are told.',
    '',
    '',
  ].join('\n')
}

export function formatFigures({ gateways, books, paid, open, made, refusals }: ClusterFigures): string {
  const each = gateways.map(({ name, isRunning, isReady, answered, sentOn }) => `${name} ${isRunning ? (isReady ? 'takes calls' : 'not ready  ') : 'is gone    '} ${answered} answers${sentOn > 0 ? ` (${sentOn} sent on)` : ''}`)
  const told = [...refusals].toSorted(([one], [other]) => one - other).map(([status, count]) => `${status === 0 ? 'none' : status}×${count}`)
  return [...each, `coins ${paid} told, ${made} made, ${open} open`, books === undefined ? 'the database does not answer' : formatBooks(books), ...(told.length === 0 ? [] : [`asked again after ${told.join(' ')}`])].join(' · ')
}

function formatBooks({ charged, available, held }: ClusterBooks): string {
  return `charged ${money(charged)}, held ${money(held)}, left ${money(available)}`
}

/** At the end, when nothing is under way any more. */
export function closeBooks({ granted, charged, available, held }: ClusterBooks, { paid, made }: Pick<ClusterFigures, 'paid' | 'made'>): { readonly isRight: boolean; readonly text: string } {
  const faults = [
    granted === charged + available + held ? undefined : `${money(granted)} were granted, and ${money(charged + available + held)} are accounted for`,
    charged === paid * PRICE ? undefined : `${money(charged)} were charged for ${paid} coins of ${money(PRICE)}`,
    made === paid ? undefined : `${made} coins were made, and ${paid} callers have been told of one`,
    held === 0 ? undefined : `${money(held)} are still held`,
  ].filter((fault) => fault !== undefined)
  const sum = `${paid} coins told, ${made} made, ${money(charged)} charged of ${money(granted)}, ${money(available)} left`
  return faults.length === 0 ? { isRight: true, text: `Nothing is lost: ${sum}.` } : { isRight: false, text: `Something is lost: ${faults.join('; ')}.` }
}

function money(units: number): string {
  return formatMoney({ units, scale: 2 }, 2)
}
