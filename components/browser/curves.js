// @ts-check
// The values of Plotly's curves at an epoch.

/** @typedef {{ bdata: string, dtype: string }} Encoded */
/**
 * An array of Plotly: plain, or base64 with a type.
 * @typedef {(number | null)[] | Encoded} PlotlyArray
 */

/**
 * @typedef {object} Trace
 * @property {string} name
 * @property {PlotlyArray} x
 * @property {PlotlyArray} y
 * @property {string} [mode]
 * @property {string} [hoverinfo]
 * @property {{ color?: string, width?: number }} [line]
 */

/** @type {Record<string, new (buffer: ArrayBuffer) => ArrayLike<number>>} */
const TYPES = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  i2: Int16Array,
  i1: Int8Array,
  u4: Uint32Array,
  u2: Uint16Array,
  u1: Uint8Array,
}
/** @type {WeakMap<Encoded, ArrayLike<number>>} */
const decoded = new WeakMap()

/**
 * The numbers of an array; none if it is missing or of an unknown type.
 * @param {PlotlyArray | null | undefined} array
 * @returns {ArrayLike<number | null>}
 */
export function numbersOf(array) {
  if (!array || !("bdata" in array)) return array ?? []
  let numbers = decoded.get(array)
  if (!numbers) {
    const bytes = Uint8Array.from(atob(array.bdata), (letter) => letter.charCodeAt(0))
    const Type = TYPES[array.dtype]
    numbers = Type ? new Type(bytes.buffer) : []
    decoded.set(array, numbers)
  }
  return numbers
}

/** @param {number | null | undefined} value */
const number = (value) => (value === null || value === undefined ? Number.NaN : Number(value))

/**
 * The value of a line at an epoch, interpolated as Plotly draws the line; NaN if the line has none there.
 * @param {Pick<Trace, "x" | "y">} trace
 * @param {number} epoch
 * @param {boolean} log whether the vertical axis is logarithmic
 */
export function valueAt(trace, epoch, log) {
  const [xs, ys] = [numbersOf(trace.x), numbersOf(trace.y)]
  for (let i = 0; i < xs.length; i += 1) {
    const x = number(xs[i])
    if (x === epoch) return number(ys[i])
    const before = i ? number(xs[i - 1]) : Number.NaN
    if (x > epoch && before < epoch) {
      const share = (epoch - before) / (x - before)
      const ends = [number(ys[i - 1]), number(ys[i])]
      const [a, b] = log ? ends.map(Math.log) : ends
      const between = a + (b - a) * share
      return log ? Math.exp(between) : between
    }
  }
  return Number.NaN
}
