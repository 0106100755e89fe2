// @ts-check
// The geometry of the outlines of the boxes around the output units: one that narrows between the heads, and a box for each
// head.

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

const RADIUS = 7

/**
 * The share of the time from `from` to `to` that has passed at `t`, eased at both ends (0 to 1).
 * @param {number} from
 * @param {number} to
 * @param {number} t
 */
export function smooth(from, to, t) {
  const share = Math.min(Math.max((t - from) / (to - from), 0), 1)
  return share * share * (3 - 2 * share)
}

/**
 * Rises from 0 to a little more than 1, and then falls to 1.
 * @param {number} share
 */
export const springy = (share) => 1 + 2.2 * (share - 1) ** 3 + 1.2 * (share - 1) ** 2

/** @param {Box} box */
const radius = ({ left, right, top, bottom }) => Math.min(RADIUS, (right - left) / 2, (bottom - top) / 2)

/** @param {number} value */
const number = (value) => value.toFixed(2)

/** @param {number[]} values */
const join = (...values) => values.map(number).join(" ")

/**
 * All boxes in one outline. `waist` is how narrow it is between two of them: 0 as wide as a box, 1 closed.
 * @param {Box[]} boxes
 * @param {number} waist
 */
export function jointOutline(boxes, waist) {
  const first = boxes[0]
  const last = boxes[boxes.length - 1]
  const { left, right } = first
  const middle = (left + right) / 2
  const r = radius(first)
  /** @type {[number, number][]} */
  const down = boxes.slice(1).map((box, i) => [boxes[i].bottom, box.top])
  /** @type {[number, number][]} */
  const up = [...down].reverse().map(([from, to]) => [to, from])
  const side = (/** @type {number} */ wall, /** @type {[number, number][]} */ gaps) =>
    gaps.map(([from, to]) => neck(wall, middle, from, to, waist)).join("")
  return [
    `M${join(left + r, first.top)}H${number(right - r)}Q${join(right, first.top, right, first.top + r)}`,
    side(right, down),
    `L${join(right, last.bottom - r)}Q${join(right, last.bottom, right - r, last.bottom)}H${number(left + r)}`,
    `Q${join(left, last.bottom, left, last.bottom - r)}`,
    side(left, up),
    `L${join(left, first.top + r)}Q${join(left, first.top, left + r, first.top)}Z`,
  ].join("")
}

/**
 * One wall between two boxes, from `from` to `to`.
 * @param {number} wall
 * @param {number} middle
 * @param {number} from
 * @param {number} to
 * @param {number} waist
 */
function neck(wall, middle, from, to, waist) {
  const half = (from + to) / 2
  const r = RADIUS * waist * Math.sign(to - from)
  const narrowed = wall + (middle - wall) * waist
  const soft = (half - from) * 0.75
  const into = join(wall, from + soft * (1 - waist), narrowed, half - soft * 0.9, narrowed, half)
  const out = join(narrowed, half + soft * 0.9, wall, to - soft * (1 - waist), wall, to + r)
  return `L${join(wall, from - r)}C${into}C${out}`
}

/**
 * One box, with what is left (`tail`, 1 to 0) of the threads to its neighbours.
 * @param {Box[]} boxes
 * @param {number} i
 * @param {number} tail
 */
export function singleOutline(boxes, i, tail) {
  const { left, right, top, bottom } = boxes[i]
  const upper = i > 0 ? (top + boxes[i - 1].bottom) / 2 : null
  const lower = i < boxes.length - 1 ? (bottom + boxes[i + 1].top) / 2 : null
  const shape = { middle: (left + right) / 2, r: radius(boxes[i]), tail }
  const quarters = [
    quarter(right, bottom, 1, lower, shape),
    quarter(left, bottom, 1, lower, shape).reverse(),
    quarter(left, top, -1, upper, shape),
    quarter(right, top, -1, upper, shape).reverse(),
  ]
  const paths = quarters.map(([start, ...points], k) => `${k ? "L" : "M"}${join(...start)}C${join(...points.flat())}`)
  return `${paths.join("")}Z`
}

/**
 * A quarter of a box as the points of two curves: from its wall at `x` round the corner to the middle of its edge at
 * `y` (`way` is 1 for the lower edge). With a tail it ends at `tip`, where the neck breaks.
 * @param {number} x
 * @param {number} y
 * @param {number} way
 * @param {number | null} tip
 * @param {{ middle: number, r: number, tail: number }} shape
 * @returns {Point[]}
 */
function quarter(x, y, way, tip, { middle, r, tail }) {
  const inward = Math.sign(middle - x)
  /** @type {Point} */
  const corner = [x + inward * r, y]
  /** @type {Point[]} */
  const rest = [
    [x, y - way * r],
    [x, y - way * 0.45 * r],
    [x + inward * 0.55 * r, y],
    corner,
    along(corner, middle, 1 / 3),
    along(corner, middle, 2 / 3),
    [middle, y],
  ]
  if (tip === null) return rest
  const soft = 0.675 * Math.abs(tip - y)
  const broken = halveCurve([x, y - way * RADIUS], [x, y], [middle, tip - way * soft], [middle, tip])
  return rest.map((point, k) => between(point, broken[k], tail))
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} share
 * @returns {Point}
 */
const between = ([x0, y0], [x1, y1], share) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]

/**
 * @param {Point} point
 * @param {number} x
 * @param {number} share
 */
const along = (point, x, share) => between(point, [x, point[1]], share)

/**
 * A cubic Bézier curve as the seven points of two, divided at its middle (de Casteljau's algorithm).
 * @param {Point} a
 * @param {Point} b
 * @param {Point} c
 * @param {Point} d
 */
function halveCurve(a, b, c, d) {
  const [ab, bc, cd] = [between(a, b, 0.5), between(b, c, 0.5), between(c, d, 0.5)]
  const [abc, bcd] = [between(ab, bc, 0.5), between(bc, cd, 0.5)]
  return [a, ab, abc, between(abc, bcd, 0.5), bcd, cd, d]
}
