// @ts-check
// Where each answer expects the runs to end: a bracket beside an axis, with the answer's votes.
import { reducedMotion } from "./dom.js"
import { clamp } from "./numbers.js"
import { root, widthOf } from "./room_style.js"
import { svg } from "./svg.js"

/** @typedef {{ letter: string, low: number, high: number, votes: number[] }} Region its votes in each round */
/**
 * `elsewhere` are the answers without such values, `totals` the votes of each round, `right` the letter to shade.
 * @typedef {object} Data
 * @property {string} id
 * @property {string} size a CSS length
 * @property {string} alt
 * @property {[low: number, high: number]} range
 * @property {[value: number, words: string][]} ticks
 * @property {Region[]} regions
 * @property {Region[]} elsewhere
 * @property {number[]} totals
 * @property {string | null} right
 */
/** @typedef {{ at: number, width: number, font: number, y: (value: number) => number }} Place of brackets, from `at` on */

const [WIDTH, HEIGHT, LEFT, TOP, FONT] = [560, 380, 110, 10, 36]
const LEAD = 24 // from the axis to a letter
const PITCH = 1.2 // of rows, in heights of their text
const FIRST = 500 // milliseconds until the first votes land
const EACH = 700 // milliseconds from the votes of one answer to those of the next
/** @type {Set<string>} */
const seen = new Set() // pictures whose votes have landed on this page load

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
 * @param {number[]} totals
 * @param {boolean} right
 */
function rowOf({ letter, votes }, { at, width, font }, y, totals, right) {
  const look = { y: y + font * 0.35, "font-size": font, "font-weight": right ? 700 : null }
  const name = svg("text", { x: at + LEAD, ...look }, letter)
  const row = svg("g", { class: right ? "right" : null }, name)
  if (!votes.length) return { row, landing: [] }
  const start = at + LEAD + 0.9 * font
  const number = numberOf(votes)
  const longest = Math.max(at + width - start - widthOf([` ${number}`], font), 0)
  if (longest < font) {
    name.textContent = `${letter}: ${number}` // a phone has no place for bars
    return { row, landing: [] }
  }
  const lengths = votes.map((count, i) => (longest * count) / Math.max(totals[i], 1))
  const bars = lengths.map((length, i) => {
    const high = (i < lengths.length - 1 ? 0.96 : lengths.length > 1 ? 0.5 : 0.8) * font
    const kind = i < lengths.length - 1 ? "vote first" : "vote"
    return svg("rect", { class: kind, x: start, y: y - high / 2, width: Math.max(length, 2), height: high, rx: 3 })
  })
  const words = svg("text", { x: start + Math.max(...lengths, 0) + font / 4, ...look }, number)
  row.append(...bars, words)
  return { row, landing: [...bars, words] }
}

/**
 * Brackets at the values of each answer, with letters and votes beside them. `landing` are the votes of each answer.
 * @param {Region[]} regions
 * @param {Place} place
 * @param {number[]} totals
 * @param {{ first: number, last: number, right?: string | null }} where the first and the last row may stand
 */
export function bracketsOf(regions, place, totals, { first, last, right = null }) {
  const { at, font, y } = place
  const middles = regions.map(({ low, high }) => (y(low) + y(high)) / 2)
  const rows = rowsAt(middles, PITCH * font, first, last)
  /** @type {Element[]} */
  const nodes = []
  const landing = regions.map((region, i) => {
    const [from, to] = [y(region.low), y(region.high)]
    const look = { class: "axis", fill: "none", "stroke-width": font / 9 }
    const d = `M${at} ${from}h8V${to}h-8M${at + 8} ${middles[i]}L${at + LEAD - 4} ${rows[i]}`
    const drawn = rowOf(region, place, rows[i], totals, region.letter === right)
    nodes.push(svg("path", { ...look, d }), drawn.row)
    return drawn.landing
  })
  return { nodes, landing }
}

/** @type {Renderer<Data>} */
export const roomRegions = ({ data, parentElement }) => {
  const { regions, elsewhere, totals, right } = data
  const [low, high] = data.range
  const bottom = HEIGHT - FONT / 2
  const y = (/** @type {number} */ value) => TOP + ((bottom - TOP) * (high - clamp(value, low, high))) / (high - low)
  const place = { at: LEFT + 8, width: WIDTH - LEFT - 8, font: FONT, y }
  const rows = { first: TOP + FONT / 2, last: bottom - FONT / 2, right }
  const { nodes, landing } = bracketsOf(regions, place, totals, rows)
  const shaded = regions.find(({ letter }) => letter === right)
  if (shaded) {
    const [from, to] = [y(shaded.high), y(shaded.low)]
    const box = { x: LEFT, y: from, width: WIDTH - LEFT, height: Math.max(to - from, 3) }
    nodes.unshift(svg("rect", { class: "expected", ...box }))
  }
  nodes.push(svg("path", { class: "axis", fill: "none", "stroke-width": 4, d: `M${LEFT} ${TOP}V${bottom}` }))
  const tick = { "font-size": FONT, "text-anchor": "end" }
  nodes.push(
    ...data.ticks.map(([value, words]) => svg("text", { ...tick, x: LEFT - 10, y: y(value) + FONT / 3 }, words)),
  )
  elsewhere.forEach((option, i) => {
    const drawn = rowOf(option, place, HEIGHT + (i + 0.5) * PITCH * FONT, totals, false)
    nodes.push(drawn.row)
    landing.push(drawn.landing)
  })
  const height = HEIGHT + elsewhere.length * PITCH * FONT
  const look = { viewBox: `0 0 ${WIDTH} ${height}`, class: "wide", role: "img", "aria-label": data.alt }
  root(parentElement, data).replaceChildren(svg("svg", look, ...nodes))
  if (seen.has(data.id) || right !== null || reducedMotion()) return undefined
  seen.add(data.id)
  landing.forEach((votes, i) => land(votes, FIRST + i * EACH))
  return undefined
}

/**
 * Hides the votes of an answer, and shows them after so many milliseconds.
 * @param {Element[]} votes
 * @param {number} after
 */
function land(votes, after) {
  for (const node of votes) node.classList.add("waiting")
  setTimeout(() => {
    for (const node of votes) node.classList.remove("waiting")
  }, after)
}
