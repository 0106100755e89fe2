// @ts-check
// The runs of a class: a line for each participant, the median, and the band in which most of them lie.
import { reducedMotion } from "./dom.js"
import { bytesOf } from "./numbers.js"
import { areaOf, pathOf, sizesOf } from "./room_picture_charts.js"
import { bracketsOf, widthBeside } from "./room_regions.js"
import { root } from "./room_style.js"
import { svg } from "./svg.js"

/** @typedef {import("./room_picture_charts.js").Wide} Wide */
/** @typedef {(number | null)[]} Values one for each epoch, null where there is none */
/**
 * What is the same for all participants. `lines` is base64 of 16 bits for each value, `band` has its lower and upper
 * edge.
 * @typedef {object} Shared
 * @property {number[]} epochs
 * @property {string} lines
 * @property {Values} median
 * @property {[low: Values, high: Values]} band
 * @property {[low: number, high: number]} range
 * @property {[value: number, words: string][]} ticks
 */
/**
 * `own` is the index of the visitor's line, `expected` what the right option expects, `shared` a `Shared` as JSON, and
 * `play` whether lines appear one by one.
 * @typedef {object} Data
 * @property {string} id
 * @property {Wide} wide whether it is for a wall
 * @property {boolean} play
 * @property {string} alt
 * @property {number} [own]
 * @property {[number, number] | null} expected
 * @property {string} shared
 * @property {import("./room_regions.js").Region[]} [regions] where each option says that the runs end
 */

const BARS = 50 // the longest bar of votes beside the curves, on a wall
const EACH = 60 // milliseconds from one line to the next, at most
const ALL = 1200 // milliseconds for all of them
const STEP = 100 // milliseconds between two changes of the picture while lines appear
const MOST_PATHS = 60 // a large class has several lines in one path, because a phone draws a thousand paths too slowly
const NONE = 65_535 // the code of a missing value
/** @type {Set<string>} */
const seen = new Set() // pictures whose lines have come one by one on this page load

/**
 * The values of each line.
 * @param {Pick<Shared, "epochs" | "lines" | "range">} shared
 * @returns {Values[]}
 */
export function linesOf({ epochs, lines, range: [low, high] }) {
  const heights = Array.from(new Uint16Array(bytesOf(lines).buffer))
  const values = heights.map((height) => (height === NONE ? null : low + ((high - low) * height) / (NONE - 1)))
  const starts = values.flatMap((_, i) => (i % epochs.length ? [] : [i]))
  return starts.map((start) => values.slice(start, start + epochs.length))
}

/**
 * The path around the band.
 * @param {import("./room_picture_charts.js").Places} area
 * @param {Shared} shared
 */
function bandOf(area, { epochs, band: [low, high] }) {
  // The lower edge runs backwards, so its epochs do, too.
  const back = low.flatMap((value, i) => {
    return value === null ? [] : [`L${area.x(epochs[i]).toFixed(1)} ${area.y(value).toFixed(1)}`]
  })
  return `${pathOf(area, epochs, high)}${back.reverse().join("")}Z`
}

/**
 * Shows the lines one by one, and then the others.
 * @param {Element[]} lines
 * @param {Element[]} late
 */
function play(lines, late) {
  const each = Math.min(EACH, ALL / Math.max(lines.length, 1))
  const show = (/** @type {Element} */ node, /** @type {number} */ after) => {
    node.classList.add("hidden")
    setTimeout(() => node.classList.remove("hidden"), after)
  }
  lines.forEach((node, i) => show(node, STEP * Math.ceil((i * each) / STEP)))
  late.forEach((node, i) => show(node, lines.length * each + 100 * i))
}

/** @type {Renderer<Data>} */
export const roomRuns = ({ data, parentElement }) => {
  /** @type {Shared} */
  const shared = JSON.parse(data.shared)
  const { epochs, range, ticks } = shared
  const [low, high] = range
  const regions = data.regions ?? []
  const { font } = sizesOf(data.wide)
  const beside = regions.length ? widthBeside(regions, font) + (data.wide ? BARS : 0) : 0
  /** @type {[number, string][]} */
  const ends = [epochs[0], epochs[epochs.length - 1]].map((epoch) => [epoch, String(epoch)])
  const xAxis = { low: ends[0][0], high: ends[1][0], log: false, ticks: ends }
  const area = areaOf(data.wide, xAxis, { low, high, log: false, ticks }, "epoch", beside)
  const { width, height, left, right, y } = area
  const drawn = (/** @type {string} */ name, /** @type {Values} */ values) =>
    svg("path", { class: name, d: pathOf(area, epochs, values) })
  const nodes = []
  if (data.expected) {
    const [from, to] = data.expected.map(y)
    const size = { width: right - left, height: Math.max(Math.abs(to - from), 2) }
    nodes.push(svg("rect", { x: left, y: Math.min(from, to), ...size, class: "expected" }))
  }
  const band = svg("path", { class: "band", d: bandOf(area, shared) })
  const values = linesOf(shared)
  const together = Math.ceil(values.length / MOST_PATHS)
  const firsts = values.filter((_, i) => i % together === 0)
  const lines = firsts.map((_, i) => {
    const some = values.slice(i * together, (i + 1) * together).map((line) => pathOf(area, epochs, line))
    return svg("path", { class: "run", d: some.join("") })
  })
  const median = drawn("median", shared.median)
  if (values.length === 1) median.style.strokeDasharray = "none"
  const own = data.own === undefined ? [] : [drawn("own", values[data.own])]
  nodes.push(band, ...lines, median, ...own, ...area.nodes)
  const place = { at: right + 6, width: beside, font, y }
  const rows = { first: font, last: height - font / 2 }
  nodes.push(...bracketsOf(regions, place, rows))
  const look = { role: "img", "aria-label": data.alt, class: data.wide ? "wide" : null }
  root(parentElement, data).replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, ...look }, ...nodes))
  if (seen.has(data.id) || !data.play || reducedMotion()) return undefined
  seen.add(data.id)
  play(lines, [median, band, ...own])
  return undefined
}
