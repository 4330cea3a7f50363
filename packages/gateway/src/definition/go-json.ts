/** Tyk's formats are Go structs; this kit describes them as tables and reads and writes JSON as Go does. */
export { decodeGo, type Decoded } from './go-json/decode.ts';
export { encodeGo } from './go-json/encode.ts';
export { formatDuration, parseDuration } from './go-json/duration.ts';
export { any, bool, duration, float, int, list, map, omitEmpty, pointerTo, raw, string, struct, time, uint, uint16 } from './go-json/kinds.ts';
export type { GoKind, GoStruct } from './go-json/kinds.ts';
export { nearestName } from './go-json/nearest.ts';
export { zeroOf, ZERO_TIME } from './go-json/zero.ts';
