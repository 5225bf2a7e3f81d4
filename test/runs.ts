/** How much is tried: little by `npm test`, much by `npm run prove`. The variables are for whoever repeats a history that failed, or has more time. */
const { env } = process

/** Set by `npm run prove`. */
export const PROVE = 'PROVE'
export const isProving = env[PROVE] !== undefined

/** Of each property. */
export const propertyRuns = isProving ? 2_000 : 50

/** Real crashes of each history, by `kill -9`. */
export const proveRounds = Number(env['PROVE_ROUNDS'] ?? 100)

/** Histories in simulation, and crashes of each. */
export const histories = isProving ? 200 : 2
export const simulatedCrashes = 50
/** The same over a SQLite database, which takes its time. */
export const sqlCrashes = isProving ? 500 : 15

/** Requests and answers that are changed to divide the plain wires from Node's parser, of each seed. */
export const mutantMessages = isProving ? 500_000 : 3_000

/** Calls that come together over sockets, where exactly so many may pass as can be paid for. */
export const atOnce = isProving ? 1_000 : 200

/** Of what a store must keep. `npm test` holds that after ten thousand calls over memory, a file and Postgres alone. */
export const storeCases = <C extends { readonly name: string }>(cases: readonly C[]): readonly C[] => cases.filter(({ name }) => isProving || !name.includes('10,000'))

/** Keys that come in a storm of retries through several gateways, over all their engines. */
export const stormKeys = isProving ? Number(env['PROVE_KEYS'] ?? 10_000) : 200
/** Of faults of gateways and engines, over all of them. */
export const proveMinutes = Number(env['PROVE_MINUTES'] ?? 20)

const given = env['PROVE_SEED']
/** One is always the same, the other is new each time, and stands in the test's name. */
export const seeds: readonly number[] = given === undefined ? [20_261_121, Math.floor(Math.random() * 2 ** 31)] : [Number(given)]
