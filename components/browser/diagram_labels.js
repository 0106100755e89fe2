// @ts-check
// Words around the diagram, in rows so that no two of them touch, however narrow the diagram is.
import { svg } from "./svg.js"

/** @import { Column } from "./diagram_picture.js" */

/** @typedef {(words: string) => number} Width measures words in pixels */
/** @typedef {{ text: string, x: number }} Label a text with the place of its middle */
/** @typedef {{ width: number, row: number }} Spot */
/** @typedef {Label & Spot} Placed */

export const SIZE = 11 // pixels; no text is smaller
export const LINE = 15 // pixels from one line to the next
const GAP = 7

/**
 * Puts labels into rows, each in the first row that has room between `left` and `right`.
 * @template {Label} Kind
 * @param {Kind[]} labels
 * @param {Width} width
 * @param {number} left
 * @param {number} right
 * @returns {(Kind & Spot)[]} from left to right
 */
export function rows(labels, width, left, right, gap = GAP) {
  /** @type {number[]} */
  const ends = []
  const sorted = [...labels].sort((a, b) => a.x - b.x)
  return sorted.map((label) => {
    const wide = width(label.text)
    const x = Math.max(Math.min(label.x, right - wide / 2), left + wide / 2)
    let row = ends.findIndex((end) => end + gap <= x - wide / 2)
    if (row < 0) row = ends.push(0) - 1
    ends[row] = x + wide / 2
    return { ...label, x, width: wide, row }
  })
}

/**
 * How many rows there are.
 * @param {Placed[]} labels
 */
export const height = (labels) => labels.reduce((most, label) => Math.max(most, label.row + 1), 0)

/**
 * Kind and count of each column: in one line if they fit, otherwise the kinds above the counts, and equal kinds of
 * adjacent columns only once.
 * @param {Column[]} columns
 * @param {number[]} xs
 * @param {Width} width
 * @param {number} left
 * @param {number} right
 */
export function header(columns, xs, width, left, right) {
  const both = columns.map(({ kind, count }, i) => ({ text: `${kind} · ${count}`, x: xs[i] }))
  const single = rows(both, width, left, right)
  if (height(single) === 1) return single
  const counts = rows(
    columns.map(({ count }, i) => ({ text: count, x: xs[i] })),
    width,
    left,
    right,
  )
  /** @type {{ text: string, first: number, last: number }[]} */
  const runs = []
  columns.forEach(({ kind }, i) => {
    const run = runs.at(-1)
    if (run?.text === kind) run.last = xs[i]
    else runs.push({ text: kind, first: xs[i], last: xs[i] })
  })
  const kinds = runs.map(({ text: kind, first, last }) => ({ text: kind, x: (first + last) / 2 }))
  const above = height(counts)
  return [...counts, ...rows(kinds, width, left, right).map((label) => ({ ...label, row: label.row + above }))]
}

/**
 * The notes below the columns, in their long form if two rows are enough.
 * @param {Column[]} columns
 * @param {number[]} xs
 * @param {string} more
 * @param {Width} width
 * @param {number} left
 * @param {number} right
 */
export function footer(columns, xs, more, width, left, right) {
  const inForm = (/** @type {0 | 1} */ form) => {
    const labels = columns.flatMap(({ notes }, i) => notes.map((note) => ({ text: note[form], x: xs[i] })))
    if (more) labels.push({ text: more, x: right })
    return rows(labels, width, left, right)
  }
  const long = inForm(0)
  return height(long) <= 2 ? long : inForm(1)
}

/**
 * Breaks words into lines of at most `most` pixels. Words are not divided, so a longer word makes a longer line.
 * @param {string} words
 * @param {Width} width
 * @param {number} most
 */
export function wrap(words, width, most) {
  /** @type {string[]} */
  const lines = []
  for (const word of words.split(" ")) {
    const line = lines.length ? `${lines.at(-1)} ${word}` : word
    if (lines.length && width(line) <= most) lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}

/**
 * `words`, shortened with an ellipsis to at most `most` pixels.
 * @param {string} words
 * @param {Width} width
 * @param {number} most
 */
export function shorten(words, width, most) {
  if (width(words) <= most) return words
  const letters = [...words]
  while (letters.length && width(`${letters.join("").trimEnd()}…`) > most) letters.pop()
  return `${letters.join("").trimEnd()}…`
}

/**
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {Attributes} attributes
 */
export const text = (words, x, y, attributes = {}) => svg("text", { x, y, "font-size": SIZE, ...attributes }, words)
