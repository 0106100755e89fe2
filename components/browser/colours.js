// @ts-check
// Mixes colours, and chooses the colour of text on a ground.

/**
 * A colour as [red, green, blue], from "#rrggbb", "#rgb" or "rgb(…)".
 * @param {string} colour
 */
function parseColour(colour) {
  const text = colour.trim()
  if (text.startsWith("#")) {
    const hex = text.length === 4 ? text.replace(/[0-9a-f]/gi, "$&$&") : text
    return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
  }
  return (text.match(/[\d.]+/g) ?? [127, 127, 127]).slice(0, 3).map(Number)
}

/**
 * The colour `share` of the way from one to another.
 * @param {string} from
 * @param {string} to
 * @param {number} share
 */
export function mix(from, to, share) {
  const [a, b] = [parseColour(from), parseColour(to)]
  return `rgb(${a.map((value, i) => Math.round(value + (b[i] - value) * share)).join(",")})`
}

/**
 * The relative luminance of a colour, as WCAG 2 defines it: 0 is black, 1 is white.
 * @param {string} colour
 */
function luminance(colour) {
  const [red, green, blue] = parseColour(colour).map((value) => {
    const part = value / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/**
 * Black or white: whichever has more contrast on `colour`. The contrast is at least 4.58 : 1.
 * @param {string} colour
 */
export const ink = (colour) => (luminance(colour) > 0.179 ? "#000000" : "#ffffff")
