import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "../../components/browser/clock.js"
import { outline, smooth, springy } from "../../components/browser/diagram_boxes.js"
import { focusOf, follows, neuronOf, reachedBy, titleOf, Weights } from "../../components/browser/diagram_focus.js"
import { curve, layout, nearest, route } from "../../components/browser/diagram_layout.js"
import { measure, pictureOf } from "./diagram_pictures.js"
import { close, property } from "./random.js"

const EPOCHS = [0, 4, 8]

const encoded = (...values) => Buffer.from(Float32Array.from(values).buffer).toString("base64")
const FRAMES = {
  epochs: EPOCHS,
  scale: 2,
  halves: 0,
  left: [encoded(0, 1), encoded(4, -1), encoded(8, 0)],
  right: [encoded(1, 1), encoded(1, 1), encoded(1, 3)],
  legend: [],
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

test("without a clock, weights are those of the epoch that Python names, or of the last", () => {
  const weights = new Weights(FRAMES)
  assert.equal(weights.of(0).shown({ at: 0 }), 8)
  assert.equal(weights.follow(null, 4), true)
  assert.equal(weights.of(0).shown({ at: 0 }), 4)
  const unloaded = new Clock(assert.fail, () => false)
  weights.follow(unloaded, null)
  assert.equal(weights.epoch, 8)
})

const PICTURE = pictureOf({ units: [1, 2], hidden: true }) // groups: input, lstm, hidden and output of task 1, task 2
const EDGES = PICTURE.blocks.flatMap(([source, target]) => {
  const [from, to] = [PICTURE.groups[source], PICTURE.groups[target]]
  return Array.from({ length: from.count * to.count }, (_, k) => {
    return { source, target, head: to.head, i: Math.floor(k / to.count), j: k % to.count }
  })
})
const lit = (focus) => EDGES.filter((edge) => follows(PICTURE, edge, focus))

test("a neuron is a group and a place in it, and its title has a number if there are several", () => {
  assert.deepEqual(neuronOf(PICTURE, "lstm:3"), { group: 1, index: 3 })
  assert.equal(titleOf(PICTURE.groups[1], 2), "lstm 3")
  assert.equal(titleOf({ title: "trend", numbered: false }, 0), "trend")
})

test("a term that points to the diagram comes before the highlighted neuron, and other terms are none of it", () => {
  assert.deepEqual(focusOf(PICTURE, "weights-2", "lstm:0"), { part: "weights-2" })
  assert.deepEqual(focusOf(PICTURE, "left", "lstm:0"), { group: 1, index: 0 })
  assert.equal(focusOf(PICTURE, "", undefined), null)
})

test("without a focus all edges are lit, and with one none of the trunk", () => {
  assert.equal(lit(null).length, EDGES.length)
  assert.ok(lit({ group: 1, index: 0 }).every(({ head }) => head !== null))
})

test("a shared neuron reaches every head, and an output its own head", () => {
  const shared = lit({ group: 1, index: 2 })
  assert.ok(shared.every(({ source, i }) => source === 1 && i === 2))
  assert.deepEqual([...new Set(shared.map(({ head }) => head))], [0, 1])
  const output = lit({ group: 4, index: 1 })
  assert.deepEqual(
    output.map(({ target, j }) => [target, j]),
    Array.from({ length: 4 }, () => [4, 1]),
  )
  assert.ok(
    lit({ group: 3, index: 0 }).some(({ target }) => target === 2),
    "and the hidden layer of that head",
  )
})

test("terms name the weights that read the shared layer, of all heads or of one", () => {
  assert.equal(lit({ part: "weights" }).length, 4 * 2 + 4 * 2)
  assert.ok(lit({ part: "weights-2" }).every(({ head, source }) => head === 1 && source === 1))
  assert.equal(lit({ part: "outputs" }).length, 0)
})

test("the focus reaches both ends of its edges, or the neurons that a term names", () => {
  const reached = reachedBy(PICTURE, EDGES, { group: 4, index: 0 })
  assert.deepEqual([...reached].sort(), ["lstm:0", "lstm:1", "lstm:2", "lstm:3", "task 2:0"])
  assert.deepEqual([...reachedBy(PICTURE, EDGES, { part: "output-2" })], ["task 2:0", "task 2:1"])
  assert.equal(reachedBy(PICTURE, EDGES, { part: "shared" }).size, 4)
  assert.equal(reachedBy(PICTURE, EDGES, null).size, 0)
})

const PLACE = layout(PICTURE, 900, false, "Inter", measure)

test("an edge is a line from neuron to neuron, and runs level past hidden layers of other heads", () => {
  const [input, lstm, , , second] = PICTURE.groups
  assert.deepEqual(route(PLACE, input, 1, lstm, 0), [PLACE.neuron(input, 1), PLACE.neuron(lstm, 0)])
  const passing = route(PLACE, lstm, 0, second, 1)
  assert.deepEqual([passing[0], passing[3]], [PLACE.neuron(lstm, 0), PLACE.neuron(second, 1)])
  const level = PLACE.neuron(second, 1)[1] - 1.5 * ((0.7 * second.step * PLACE.plot) / 4)
  assert.ok(close([passing[1][1], passing[2][1]], [level, level]))
})

test("the path of an edge begins and ends at its points", () => {
  assert.equal(
    curve([
      [0, 1.234],
      [10, 20],
    ]),
    "M0 1.23L10 20",
  )
  assert.equal(
    curve([
      [0, 0],
      [10, 5],
      [20, 5],
      [30, 9],
    ]),
    "M0 0C5 0 5 5 10 5H20C25 5 25 9 30 9",
  )
})

test("the pointer is on the nearest of the lit edges, if it is within five pixels", () => {
  const edges = [0, 6].map((y) => ({
    points: [
      [0, y],
      [100, y],
    ],
  }))
  assert.equal(
    nearest(edges, [50, 2], () => true),
    edges[0],
  )
  assert.equal(
    nearest(edges, [50, 2], (edge) => edge === edges[1]),
    edges[1],
  )
  assert.equal(
    nearest(edges, [50, 12], () => true),
    null,
  )
  assert.equal(
    nearest(edges, [106, 0], () => true),
    null,
  )
})

const BOXES = [0, 60, 150].map((top) => ({ left: 10, right: 40, top, bottom: top + 30 }))
/** The x and y of the ends and controls of a path of M, L and C. */
const pairs = (path) => {
  const numbers = (path.match(/-?[\d.]+/g) ?? []).map(Number)
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]])
}
const extent = (path) =>
  [0, 1].map((k) => [Math.min(...pairs(path).map((pair) => pair[k])), Math.max(...pairs(path).map((pair) => pair[k]))])
const heights = (waist, tail) => BOXES.map((_, i) => extent(outline(BOXES, i, waist, tail).area)[1])

test("a box at rest is as large as it should be, and boxes that are one meet halfway, as wide as a box", () => {
  BOXES.forEach(({ top, bottom }, i) =>
    assert.deepEqual(extent(outline(BOXES, i, 1, 0).area), [
      [10, 40],
      [top, bottom],
    ]),
  )
  const ends = [
    [0, 45],
    [45, 120],
    [120, 180],
  ]
  assert.deepEqual(heights(0, 1), ends)
  assert.deepEqual(heights(1, 1), ends)
  const halfway = pairs(outline(BOXES, 0, 0, 1).walls).filter(([, y]) => close(y, 45))
  assert.deepEqual(halfway.map(([x]) => x).sort(), [10, 40])
})

test("a neck that is closed is as narrow as a point, and one that is half closed is half as wide", () => {
  const middles = (waist) =>
    pairs(outline(BOXES, 0, waist, 1).walls)
      .filter(([, y]) => close(y, 45))
      .map(([x]) => x)
  assert.ok(middles(1).length >= 2 && middles(1).every((x) => close(x, 25)))
  assert.deepEqual(middles(0.5).sort(), [17.5, 32.5])
})

test("a box that is lower than its corners are wide has smaller corners", () => {
  const { area } = outline([{ left: 0, right: 30, top: 0, bottom: 8 }], 0, 1, 0)
  assert.ok(pairs(area).some(([x, y]) => x === 30 && y === 4))
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
