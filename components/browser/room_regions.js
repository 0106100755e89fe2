// @ts-check
// Where each answer expects the runs to end: a bracket beside an axis, with the answer's votes.
import { widthOf } from "./room_style.js"
import { svg } from "./svg.js"

/** @typedef {{ letter: string, low: number, high: number, votes: number[] }} Region its votes in each round */
/** @typedef {{ at: number, width: number, font: number, y: (value: number) => number }} Place of brackets, from `at` on */

const LEAD = 24 // from the axis to a letter
const PITCH = 1.2 // of rows, in heights of their text

/**
 * Places for rows near the `wanted` ones and in their order, from `first` to `last`, so that no row covers another.
 * @param {number[]} wanted
 * @param {number} pitch
 * @param {number} first
 * @param {number} last
 */
export function rowsAt(wanted, pitch, first, last) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b])
  const places = [...wanted]
  let free = first
  for (const i of order) {
    places[i] = Math.max(wanted[i], free)
    free = places[i] + pitch
  }
  let least = last
  for (const i of order.reverse()) {
    places[i] = Math.min(places[i], least)
    least = places[i] - pitch
  }
  return places
}

/** @param {number[]} votes in each round */
const numberOf = (votes) => votes.join(" → ")

/**
 * The width that letters and numbers of votes need beside an axis, without bars.
 * @param {Region[]} regions
 * @param {number} font
 */
export const widthBeside = (regions, font) =>
  LEAD +
  widthOf(
    regions.map(({ letter, votes }) => `${letter}: ${numberOf(votes)}`),
    font,
  )

/**
 * The letter of an answer, a bar for its votes in each round, and their numbers. The first round is pale and behind.
 * @param {Region} region
 * @param {Place} place
 * @param {number} y the middle of the row
 * @param {number} most the votes of the longest bar
 */
function rowOf({ letter, votes }, { at, width, font }, y, most) {
  const look = { y: y + font * 0.35, "font-size": font }
  const name = svg("text", { x: at + LEAD, ...look }, letter)
  if (!votes.length) return [name]
  const start = at + LEAD + 0.9 * font
  const number = numberOf(votes)
  const longest = Math.max(at + width - start - widthOf([` ${number}`], font), 0)
  if (longest < font) {
    name.textContent = `${letter}: ${number}` // a phone has no place for bars
    return [name]
  }
  const lengths = votes.map((count) => (longest * count) / Math.max(most, 1))
  const bars = lengths.map((length, i) => {
    const high = (i < lengths.length - 1 ? 0.96 : lengths.length > 1 ? 0.5 : 0.8) * font
    const kind = i < lengths.length - 1 ? "vote first" : "vote"
    return svg("rect", { class: kind, x: start, y: y - high / 2, width: Math.max(length, 2), height: high, rx: 3 })
  })
  return [name, ...bars, svg("text", { x: start + Math.max(...lengths, 0) + font / 4, ...look }, number)]
}

/**
 * Brackets at the values of each answer, with letters and votes beside them.
 * @param {Region[]} regions
 * @param {Place} place
 * @param {{ first: number, last: number }} where the first and the last row may stand
 */
export function bracketsOf(regions, place, { first, last }) {
  const { at, font, y } = place
  const middles = regions.map(({ low, high }) => (y(low) + y(high)) / 2)
  const rows = rowsAt(middles, PITCH * font, first, last)
  const most = Math.max(...regions.flatMap(({ votes }) => votes))
  return regions.flatMap((region, i) => {
    const [from, to] = [y(region.low), y(region.high)]
    const look = { class: "axis", fill: "none", "stroke-width": font / 9 }
    const d = `M${at} ${from}h8V${to}h-8M${at + 8} ${middles[i]}L${at + LEAD - 4} ${rows[i]}`
    return [svg("path", { ...look, d }), ...rowOf(region, place, rows[i], most)]
  })
}
