import type { Group } from '../config/read/group.ts'

/** A JSON Schema as data. */
export type JsonSchema = boolean | Group
