import { expect, it } from 'vitest'
import { closeBooks, formatCluster, formatFigures } from './cluster-terminal.ts'

it('says how it goes in one line', () => {
  const gateways = [
    { name: 'A', isRunning: true, isReady: true, answered: 12, sentOn: 0 },
    { name: 'B', isRunning: false, isReady: false, answered: 9, sentOn: 2 },
  ]
  const line = formatFigures({ gateways, books: { granted: 10_000, charged: 150, available: 9_830, held: 20 }, paid: 15, open: 8, made: 17, refusals: new Map([[502, 1], [0, 2]]) })
  expect(line).toBe('A takes calls 12 answers · B is gone     9 answers (2 sent on) · coins 15 told, 17 made, 8 open · charged 1.50, held 0.20, left 98.30 · asked again after none×2 502×1')
  expect(formatFigures({ gateways: [], books: undefined, paid: 0, open: 0, made: 0, refusals: new Map() })).toContain('the database does not answer')
})

it('closes the books, and finds what is lost', () => {
  const books = { granted: 10_000, charged: 150, available: 9_850, held: 0 }
  expect(closeBooks(books, { paid: 15, made: 15 })).toEqual({ isRight: true, text: 'Nothing is lost: 15 coins told, 15 made, 1.50 charged of 100.00, 98.50 left.' })
  expect(closeBooks({ ...books, charged: 160 }, { paid: 15, made: 15 }).text).toBe('Something is lost: 100.00 were granted, and 100.10 are accounted for; 1.60 were charged for 15 coins of 0.10.')
  expect(closeBooks({ ...books, available: 9_840, held: 10 }, { paid: 15, made: 16 }).text).toBe('Something is lost: 16 coins were made, and 15 callers have been told of one; 0.10 are still held.')
})

it('has no colour where none is asked for', () => {
  const places = { url: 'http://localhost:8080', adminUrls: ['http://127.0.0.1:1', 'http://127.0.0.1:2'], adminToken: 't', engines: ['Postgres', 'Valkey'] }
  expect(formatCluster(places, false)).not.toContain('\u001B')
  expect(formatCluster(places, false)).toContain('A and B, on one Postgres and one Valkey')
})
