import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "../../components/browser/clock.js"
import { outline, smooth, springy } from "../../components/browser/diagram_boxes.js"
import { focusOf, titleOf, Weights } from "../../components/browser/diagram_focus.js"
import { pictureOf } from "./diagram_pictures.js"
import { close, property } from "./random.js"

const EPOCHS = [0, 4, 8]

const encoded = (...values) => Buffer.from(Float32Array.from(values).buffer).toString("base64")
const FRAMES = {
  epochs: EPOCHS,
  scale: 2,
  halves: 0,
  left: [encoded(0, 1), encoded(4, -1), encoded(8, 0)],
  right: [encoded(1, 1), encoded(1, 1), encoded(1, 3)],
  legend: "",
}

test("weights move with the clock, and numbers are those of a frame", () => {
  const weights = new Weights(FRAMES)
  const clock = new Clock(
    () => {},
    () => false,
  )
  clock.load(EPOCHS, 0)
  clock.play()
  clock.advance(500) // two epochs a second
  assert.equal(weights.follow(clock, null), false)
  assert.deepEqual(
    [0, 1].map((at) => weights.of(0).between({ at })),
    [1, 0.5],
  )
  assert.deepEqual([weights.of(0).shown({ at: 0 }), weights.epoch], [0, 0])
  clock.set(8)
  assert.equal(weights.follow(clock, null), true)
  assert.deepEqual([weights.of(1).between({ at: 1 }), weights.epoch], [3, 8])
})

test("without a clock that has its frames, weights are those of the last epoch", () => {
  const weights = new Weights(FRAMES)
  assert.equal(weights.of(0).shown({ at: 0 }), 8)
  assert.equal(weights.follow(null), true)
  const unloaded = new Clock(assert.fail, () => false)
  weights.follow(unloaded)
  assert.equal(weights.epoch, 8)
})

const PICTURE = pictureOf({ units: [1, 2], hidden: true }) // groups: input, lstm, hidden and output of task 1, task 2
const EDGES = PICTURE.groups.flatMap(({ source, head, count }, target) => {
  if (source === null) return []
  return Array.from({ length: PICTURE.groups[source].count * count }, (_, k) => {
    return { source, target, head, i: Math.floor(k / count), j: k % count }
  })
})
const focus = (part, entry) => focusOf(PICTURE, EDGES, part, entry)
const lit = (part, entry = "") => [...focus(part, entry).edges]

test("the title of a neuron has a number if there are several", () => {
  assert.equal(titleOf(PICTURE.groups[1], 2), "lstm 3")
  assert.equal(titleOf({ title: "trend", numbered: false }, 0), "trend")
})

test("a term that points to the diagram comes before the highlighted neuron, and other terms are none of it", () => {
  assert.ok(lit("weights-2", "lstm:0").every(({ head }) => head === 1))
  assert.ok(lit("left", "lstm:0").every(({ i }) => i === 0))
  assert.equal(focus("", ""), null)
})

test("a shared neuron reaches every head, and an output its own head", () => {
  const shared = lit("", "lstm:2")
  assert.ok(shared.every(({ source, i }) => source === 1 && i === 2))
  assert.deepEqual([...new Set(shared.map(({ head }) => head))], [0, 1])
  assert.deepEqual(
    lit("", "task 2:1").map(({ target, j }) => [target, j]),
    Array.from({ length: 4 }, () => [4, 1]),
  )
  assert.ok(
    lit("", "task 1:0").some(({ target }) => target === 2),
    "and the hidden layer of that head",
  )
})

test("terms name the weights that read the shared layer, of all heads or of one", () => {
  assert.equal(lit("weights").length, 4 * 2 + 4 * 2)
  assert.ok(lit("weights-2").every(({ head, source }) => head === 1 && source === 1))
  assert.equal(lit("outputs").length, 0)
})

test("the focus reaches both ends of its edges, or the neurons that a term names", () => {
  const reached = (part, entry = "") => [...focus(part, entry).neurons].sort()
  assert.deepEqual([...reached("", "task 2:0")], ["1:0", "1:1", "1:2", "1:3", "4:0"])
  assert.deepEqual(reached("output-2"), ["4:0", "4:1"])
  assert.equal(reached("shared").length, 4)
})

const BOX = { left: 10, right: 40, top: 60, bottom: 90 }
/** The x and y of the points of a path. */
const pairs = (path) => {
  const numbers = (path.match(/-?[\d.]+/g) ?? []).map(Number)
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]])
}
const extent = (path) =>
  [0, 1].map((k) => [Math.min(...pairs(path).map((pair) => pair[k])), Math.max(...pairs(path).map((pair) => pair[k]))])
/** The x of the walls at a height. */
const walls = (waist, y) =>
  pairs(outline(BOX, [45, 120], waist, 1).walls)
    .filter((pair) => close(pair[1], y))
    .map(([x]) => x)

test("a box at rest is as large as it should be, and one of several in one box goes halfway to its neighbours", () => {
  const whole = [
    [10, 40],
    [60, 90],
  ]
  assert.deepEqual(extent(outline(BOX, [45, 120], 1, 0).area), whole)
  assert.deepEqual(extent(outline(BOX, [null, null], 0, 1).area), whole)
  for (const waist of [0, 1]) assert.deepEqual(extent(outline(BOX, [45, 120], waist, 1).area)[1], [45, 120])
  assert.deepEqual([...new Set(walls(0, 45))].sort(), [10, 40])
})

test("a neck that is closed is as narrow as a point, and one that is half closed is half as wide", () => {
  assert.deepEqual([...new Set(walls(1, 45))], [25])
  assert.deepEqual([...new Set(walls(0.5, 45))].sort(), [17.5, 32.5])
})

test("movements begin and end at rest", () => {
  const times = [-1, 0.2, 0.45, 0.7, 2].map((t) => smooth(0.2, 0.7, t))
  assert.ok(close(times, [0, 0, 0.5, 1, 1]))
  assert.ok(close([springy(0), springy(1)], [0, 1]) && springy(0.8) > 1)
  property(100, ({ between }) => {
    const [one, other] = [between(0, 1), between(0, 1)].sort((a, b) => a - b)
    assert.ok(smooth(0, 1, one) <= smooth(0, 1, other))
  })
})
