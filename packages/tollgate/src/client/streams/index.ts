export { receivedOf, stream, streamJson } from './stream.ts'
export type { StreamInit } from './stream-init.ts'
export { watchStreams, type WatchOptions } from './watch-streams.ts'
export { EventParser, type EventParserOptions, type StreamEvent } from './event-parser.ts'
