/**
 * The same text, tied to nothing. A piece that was cut out of a longer text keeps all of that in memory for as long as it lives itself: the path of a logged
 * request its whole head, credential included. V8 makes such a tie for pieces of 13 characters or more, and copies what is shorter.
 *
 * @example
 * ownText('/v1/reports/2026?key=rp_…'.slice(0, 16)) // => '/v1/reports/2026'
 */
export function ownText(text: string): string {
  // The joined text is written out to be cut, and holds nothing else.
  return text.length < TIED_FROM ? text : ` ${text}`.slice(1)
}

const TIED_FROM = 13
