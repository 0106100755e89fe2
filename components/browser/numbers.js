// @ts-check
// Reads numbers from the server, and writes numbers for people. `short` writes as backend/words/ does.

/** @type {Record<string, string>} */
const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" }

/** @param {string} text */
const minus = (text) => text.replace("-", "−")

/**
 * `value` between two bounds; `low` if they are the wrong way round.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high))

/** @param {number} degrees */
export const radians = (degrees) => (degrees * Math.PI) / 180

/**
 * A number with `digits` significant digits; powers of ten below 0.001 and from 100,000 on.
 * @param {number} value
 */
export function short(value, digits = 2) {
  if (!Number.isFinite(value)) return "NaN or infinite"
  if (value === 0) return "0"
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e5) {
    return minus(Number(value.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 12 }))
  }
  const [mantissa, power] = value.toExponential(digits - 1).split("e")
  return `${minus(mantissa)} × 10${[...String(Number(power))].map((sign) => RAISED[sign]).join("")}`
}

/**
 * A number with up to two decimals for a narrow cell; null if it does not fit.
 * @param {number} value
 */
export function narrow(value) {
  if (Number.isNaN(value)) return "NaN"
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞"
  const size = Math.abs(value)
  if (size >= 9999.5) return null
  const text = value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
  return Number(text) === 0 ? "0.00" : minus(text)
}

/**
 * The bytes that a base64 text holds.
 * @param {string} text
 */
export const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))

/**
 * Base64 of little-endian floats as an array: the first `halves` have half precision, the others single precision.
 * @param {string} text
 * @param {number} halves
 */
export function floats(text, halves) {
  const bytes = bytesOf(text)
  const view = new DataView(bytes.buffer)
  const count = halves + (bytes.length - 2 * halves) / 4
  return Float32Array.from({ length: count }, (_, i) =>
    i < halves ? half(view.getUint16(2 * i, true)) : view.getFloat32(2 * halves + 4 * (i - halves), true),
  )
}

/**
 * The number that 16 bits encode in half precision.
 * @param {number} bits
 */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1
  const power = (bits >> 10) & 31
  const rest = bits & 1023
  if (power === 31) return rest ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (power ? 2 ** (power - 15) * (1 + rest / 1024) : 2 ** -14 * (rest / 1024))
}
