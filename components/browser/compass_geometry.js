// @ts-check
// The geometry of the plane of two gradients. Everything points downhill: a head's arrow is minus its gradient. Vectors
// have y upwards and A's gradient along x; pixels have y downwards.
import { clamp, radians } from "./numbers.js"

const BEYOND = 15 // pixels from a tip to its handle
const NEAREST = 30 // the fewest pixels from the origin to a handle, so that a short arrow can be grabbed
const SMALLEST = 4 // the least length of an arrow in pixels while it is dragged
const GRID = 16 // pixels between the places that a word may have
const EDGE = 80 // pixels from the middle of a word to the side of the picture
const ROOM = 30 // pixels that a word needs around it

/**
 * A handle that is dragged: the index of its head, and at the beginning of the drag the length of its arrow in pixels,
 * the ratio, the scale, and the bearing of the other arrow.
 * @typedef {{ index: number, radius: number, ratio: number, scale: number, other: number }} Held
 */
/** @typedef {{ width: number, height: number, origin: Point }} Frame */

/**
 * The gradients of A and B.
 * @param {number} angle between them, in degrees
 * @param {number} ratio of the length of B to that of A
 * @returns {[Point, Point]}
 */
export const gradients = (angle, ratio) => [
  [1, 0],
  [ratio * Math.cos(radians(angle)), ratio * Math.sin(radians(angle))],
]

/**
 * The scale at which all vectors fit, in pixels for a length of 1.
 * @param {number[][]} vectors
 * @param {[right: number, left: number, up: number, down: number]} room around the origin, in pixels
 */
export function fitting(vectors, room) {
  const fits = vectors.map(([x, y]) => {
    const along = [x, -x, y, -y]
    return Math.min(...along.map((each, i) => (each > 1e-9 ? room[i] / each : Number.POSITIVE_INFINITY)))
  })
  return Math.min(...fits)
}

/**
 * The pixel of a vector in a picture that is turned by some degrees.
 * @param {number[]} vector
 * @param {Point} origin
 * @param {number} scale
 * @param {number} turned
 * @returns {Point}
 */
export function placed([x, y], [ox, oy], scale, turned) {
  const [cos, sin] = [Math.cos(radians(turned)), Math.sin(radians(turned))]
  return [ox + scale * (x * cos - y * sin), oy - scale * (x * sin + y * cos)]
}

/**
 * The bearing of a pixel in degrees, in (-180, 180], and its distance from the origin. A pixel outside the picture, or
 * near its edge, is first moved inside.
 * @param {Point} pixel
 * @param {Frame} frame
 * @returns {[bearing: number, distance: number]}
 */
export function polar([x, y], { width, height, origin: [ox, oy] }) {
  const dx = clamp(x, 8, width - 8) - ox
  const dy = oy - clamp(y, 8, height - 8)
  return [(Math.atan2(dy, dx) * 180) / Math.PI, Math.hypot(dx, dy)]
}

/**
 * The length of an arrow whose handle is at this distance from the origin, in pixels.
 * @param {number} distance
 */
export const lengthOf = (distance) => Math.max(distance - BEYOND, SMALLEST)

/**
 * Where the handle of a tip stands: beyond it, and not too close to the origin.
 * @param {Point} tip
 * @param {Point} origin
 * @param {number} bearing in degrees
 * @returns {Point}
 */
export function handleOf([x, y], [ox, oy], bearing) {
  const at = Math.max(Math.hypot(x - ox, y - oy) + BEYOND, NEAREST)
  return [ox + at * Math.cos(radians(bearing)), oy - at * Math.sin(radians(bearing))]
}

/**
 * Angle and ratio after the pointer has dragged a handle: its tip follows the pointer, and the other arrow stays.
 * @param {Held} held
 * @param {[bearing: number, distance: number]} pointer
 */
export function valuesOfDrag({ index, radius, ratio, other }, [bearing, distance]) {
  const factor = lengthOf(distance) / radius
  if (index === 1) return { angle: halfTurn(bearing), ratio: ratio * factor }
  return { angle: halfTurn(((other - bearing + 540) % 360) - 180), ratio: ratio / factor }
}

/**
 * Limits an angle to 0 to 180 degrees, as between two gradients. A negative angle becomes the nearer end.
 * @param {number} angle
 */
const halfTurn = (angle) => (angle >= 0 ? angle : angle > -90 ? 0 : 180)

/**
 * The place with most room for a word in each part of the picture, by the losses that fall there ("11" means both).
 * Parts with too little room have none.
 * @param {Frame} frame
 * @param {[number, number]} bearings those of the heads
 * @param {Point[]} tips those of all arrows
 * @param {Point[]} words the middles of words
 * @returns {Map<string, { x: number, y: number }>}
 */
export function regions({ width, height, origin }, bearings, tips, words) {
  const [ox, oy] = origin
  const best = new Map()
  for (let x = EDGE; x <= width - EDGE; x += GRID) {
    for (let y = 18; y <= height - 14; y += GRID) {
      const along = bearings.map((bearing) => {
        return (x - ox) * Math.cos(radians(bearing)) + (oy - y) * Math.sin(radians(bearing))
      })
      const room = Math.min(
        ...along.map((each) => Math.abs(each) * 0.8),
        ...tips.map((tip) => fromArrow([x, y], origin, tip)),
        ...words.map(([wordX, wordY]) => Math.hypot((x - wordX) / 2, y - wordY) + 6),
        Math.abs(y - oy) + 60,
      )
      const region = along.map((each) => (each > 0 ? 1 : 0)).join("")
      if (room > (best.get(region)?.room ?? ROOM)) best.set(region, { room, x, y })
    }
  }
  return best
}

/**
 * The distance of a point from an arrow; a word is wider than it is high.
 * @param {Point} point
 * @param {Point} from
 * @param {Point} tip
 */
function fromArrow([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1), 0, 1)
  return Math.hypot((x - ax - t * dx) / 1.6, y - ay - t * dy)
}
