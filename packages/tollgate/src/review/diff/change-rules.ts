/** What each kind of change means for who calls: one table, from which classes, advice, docs and the next version follow. */
import type { ChangeClass, Dependence } from './change.ts'

/** A kind of change. */
export interface ChangeRule {
  readonly class: ChangeClass
  readonly title: string
  readonly hurts: readonly Dependence[]
  readonly advice: string
  /** Of a safe one: whether callers get something new (a minor version), or other words (a patch). */
  readonly isNew?: boolean
}

const breaking = (title: string, hurts: readonly Dependence[], advice: string): ChangeRule => ({ class: 'breaking', title, hurts, advice })
const risky = (title: string, hurts: readonly Dependence[], advice: string): ChangeRule => ({ class: 'risky', title, hurts, advice })
const addition = (title: string): ChangeRule => ({ class: 'safe', title, hurts: [], advice: 'Nothing to do.', isNew: true })
const words = (title: string): ChangeRule => ({ class: 'safe', title, hurts: [], advice: 'Nothing to do.' })

/** By its id. Look up with `Object.hasOwn`. */
export const changeRules: { readonly [rule: string]: ChangeRule } = {
  // Codes and entries
  'code-removed': breaking('a code is no longer sent', ['code'], 'Keep sending it as long as callers match it; announce its end with a date.'),
  'code-changed': breaking('a code has another name', ['code'], 'Send the old code, and say the new one beside it (an attribute, a detail), until callers have moved.'),
  'code-retyped': breaking('a code is a number where it was a text, or the other way round', ['code'], 'Keep its type: typed clients do not parse the other.'),
  'reason-answered-otherwise': breaking('the same refusal has another code', ['code'], 'Let the old entry go on answering it, or announce the new code.'),
  'entry-removed': risky('an entry is gone, and another one still has its code', ['code', 'details'], 'Hold its details and its message against those of the one that is left.'),
  'code-added': risky('a code that callers do not know', ['code'], 'Announce it; callers that match all codes need a default branch.'),
  'entry-added': addition('an entry with a code that is known already'),
  'entry-renamed': words('an entry has another id, which no caller sees'),
  'status-changed': breaking('what is refused comes with another status', ['status'], 'Keep the status; a new meaning deserves a new code.'),
  'status-on-wire-changed': breaking('another status stands on the wire', ['status'], 'Proxies, caches and retry middleware see nothing else: announce it, or let callers choose by a version.'),
  'reason-changed': risky('it means something else to who goes by reasons', ['reason'], 'Clients that are made from the contract branch on it: publish them anew.'),
  'choice-changed': risky('when it is the answer has changed (`when`, `alsoFor`)', ['code'], 'Look at which refusals have another answer now.'),
  'source-changed': risky('who is said to have failed has changed', ['reason'], 'Look at who counts failures by source.'),
  'primary-changed': risky('of those that look alike another one is read', ['code'], 'Publish clients anew.'),
  'read-changed': risky('it is recognised by something else', ['code', 'message'], 'Publish clients anew.'),

  // Retry and waits
  'retry-forbidden': breaking('what was to be tried again must not be any more', ['waits'], 'Old callers go on trying: they load you, and may pay twice. Use a new code.'),
  'retry-allowed': addition('what was final may be tried again: old callers only give up too soon'),
  'retry-other': risky('it is to be tried again in another way', ['waits'], 'Old callers wait as they were told before: too short or in vain.'),
  'action-changed': risky('people are told to do something else', ['docs'], 'Change what your own pages and screens say of it.'),
  'wait-removed': breaking('no Retry-After comes any more', ['waits', 'headers'], 'Callers that wait for it try again at once: keep sending it.'),
  'wait-changed': words('another wait, where no exact one is known'),
  'wait-in-words-removed': breaking('messages no longer say how long to wait', ['waits', 'message'], 'Say it in Retry-After, and keep the sentence.'),
  'wait-in-words-added': addition('messages say how long to wait'),

  // Details
  'detail-removed': breaking('a detail is gone', ['details'], 'Keep it, if need be null.'),
  'detail-retyped': breaking('a detail has another type', ['details'], 'Add one under a new name, and keep the old one.'),
  'detail-made-optional': breaking('a detail that always came may be missing', ['details'], 'Callers read it without looking: keep it, or announce it.'),
  'detail-null-now': risky('where it is unknown, a detail is null that was missing, or the other way round', ['details'], 'Typed callers tell the two apart.'),
  'detail-taken-elsewhere': risky('a detail has the same name and another meaning', ['details'], 'Use a new name for a new meaning.'),
  'detail-type-narrowed': risky('a detail has a narrower type', ['details'], 'Callers can read it as before, but what does not fit no longer comes.'),
  'detail-steadied': addition('a detail that could be missing always comes'),
  'detail-added': addition('a detail that callers do not know'),
  'hidden-detail-changed': words('a detail that no answer shows'),

  // Words
  'message-changed': words('another sentence, and a code that tells what happened'),
  'message-changed-alone': risky('another sentence, and no code that tells what happened', ['message'], 'Callers can only go by it: give the entry a code first.'),
  'language-removed': risky('a language is gone', ['message'], 'Who asks for it gets another one.'),
  'language-added': addition('a language'),
  'language-changed': risky('another language is the first', ['message'], 'Who asks for none gets another one.'),
  'words-changed': words('descriptions, remedies, titles, guides, examples'),
  'docs-moved': words('the docs are elsewhere'),
  'name-changed': risky('the contract has another name', ['docs'], 'Configurations and metrics name it.'),

  // The envelope
  'member-removed': breaking('a member of the answer is gone', ['envelope'], 'Keep it.'),
  'member-renamed': breaking('a member of the answer has another name', ['envelope'], 'Send both until callers have moved.'),
  'member-retyped': breaking('a member of the answer holds something else', ['envelope'], 'Add one under a new name.'),
  'member-made-optional': breaking('a member that always came may be missing or null', ['envelope'], 'Keep it.'),
  'member-steadied': addition('a member that could be missing always comes'),
  'member-added': addition('a member that callers do not know'),
  'constant-changed': breaking('a constant of the answer has another value', ['envelope'], 'Callers tell errors from successes by it: keep it.'),
  'family-changed': breaking('it is written in another form', ['envelope'], 'Keep the form, or use a new code for the new one.'),
  'family-removed': breaking('a form is gone', ['envelope'], 'Keep it.'),
  'family-added': addition('a form that no entry had before'),
  'content-type-changed': breaking('another content type', ['envelope', 'headers'], 'Callers parse by it: let them choose by Accept.'),
  'batch-changed': breaking('lists of requests are answered in another way', ['envelope', 'requests'], 'Announce it.'),
  'success-removed': breaking('successes have no form of their own any more', ['envelope'], 'Keep it: errors and successes are told apart by it.'),
  'success-added': breaking('successes have a form that they had not', ['envelope'], 'Announce it: bodies that were bare are wrapped now.'),
  'attribute-changed': breaking('a constant beside the code has another value', ['envelope', 'code'], 'Callers match it as they match codes: keep it.'),
  'attribute-removed': breaking('a constant beside the code is gone', ['envelope', 'code'], 'Keep it.'),
  'attribute-added': addition('a constant beside the code'),

  // Streams and WebSockets
  'stream-removed': breaking('errors have no form in streams any more', ['streams'], 'Readers of streams see a cut in its place: keep it.'),
  'stream-event-changed': breaking('errors in streams have another event', ['streams'], 'Readers listen to the old one: send both.'),
  'stream-end-changed': breaking('another event ends a stream', ['streams'], 'Readers wait for the old one, and take a whole answer for half of one.'),
  'stream-after-changed': risky('another frame follows an error in a stream', ['streams'], 'Hold readers against it.'),
  'stream-added': addition('errors have a form in streams'),
  'socket-removed': breaking('errors have no form in WebSockets any more', ['sockets'], 'Keep it.'),
  'socket-frame-changed': breaking('a message comes before the close, or none any more', ['sockets'], 'Callers read one of the two: keep both.'),
  'socket-close-changed': breaking('a WebSocket is closed with another code', ['sockets'], 'Callers reconnect or not by it: keep it.'),
  'socket-close-words-changed': breaking('the close says something else', ['sockets'], 'Keep what callers match there.'),
  'socket-added': addition('errors have a form in WebSockets'),

  // Headers
  'header-removed': breaking('a header is gone', ['headers'], 'Keep it.'),
  'header-changed': risky('a header says something else', ['headers'], 'Look at who reads it.'),
  'header-added': addition('a header'),
  'rate-header-removed': breaking('a header of the limits is gone or has another name', ['headers', 'waits'], 'Send both names until callers have moved.'),
  'rate-header-unit-changed': breaking('the reset is in another unit', ['headers', 'waits'], 'Callers wait a thousand times too long, or not at all: use a new header.'),
  'rate-header-added': addition('a header of the limits'),
  'challenge-changed': breaking('another scheme of authentication is asked for', ['headers', 'requests'], 'Offer both.'),
  'challenge-words-changed': risky('the challenge has other parameters', ['headers'], 'Clients that ask for tokens read them.'),
  'challenge-added': addition('a challenge'),
  'request-id-header-changed': breaking('the request id is in another header', ['headers'], 'Send both: logs and tickets of callers go by it.'),
  'request-id-form-changed': risky('request ids look different', ['headers', 'envelope'], 'Look at columns and patterns that hold them.'),
  'idempotency-key-removed': breaking('a repeat is done and paid twice', ['requests'], 'Keep taking the key.'),
  'idempotency-key-added': addition('a key that lets callers repeat safely'),

  // Whole
  'read-only-now': risky('it is only read now, or written again', ['docs'], 'Look at the gateways that answer by it.'),
  'read-differently': breaking('a client of the old contract reads the same refusal as something else', ['code', 'waits'], 'Look at what tells the two apart on the wire.'),
  'details-read-differently': breaking('a client of the old contract finds other details in the same refusal', ['details'], 'Look at what the envelope shows of them.'),
  'other-change': risky('something else has changed', ['docs'], 'Look at it.'),
}
