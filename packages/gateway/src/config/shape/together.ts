/** Of a union of shapes: all of their settings in one group. */
export type Together<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void ? All : never
