import type { Group } from '../config/group.ts'

/** A JSON Schema as data. */
export type JsonSchema = boolean | Group
