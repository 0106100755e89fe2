import assert from "node:assert/strict"
import { test } from "node:test"
import {
  fitting,
  gradients,
  handleOf,
  labelAt,
  placed,
  spread,
  tabledStep,
  valuesAt,
} from "../../components/browser/compass_geometry.js"
import { close, property } from "./random.js"

const FRAME = { width: 600, height: 420, origin: [300, 358] }

test("labels do not touch each other or a handle, and each begins in the picture", () => {
  property(200, ({ between, whole }) => {
    const tips = Array.from({ length: whole(2, 6) }, () => [between(0, 600), between(60, 340)])
    const handle = [between(100, 500), between(60, 340)]
    const labels = tips.map((tip, i) => labelAt(`method ${i}`, tip, FRAME))
    assert.ok(labels.every(({ left, wide, y }) => left >= 4 && left + wide <= 596 && y >= 12 && y <= 408))
    spread(labels, []).forEach((one, i, all) => {
      for (const other of all.slice(i + 1)) {
        const beside = one.left + one.wide < other.left || other.left + other.wide < one.left
        assert.ok(beside || Math.abs(one.y - other.y) >= 16.9)
      }
    })
    const [moved] = spread([labelAt("mean", tips[0], FRAME)], [handle])
    const beside = handle[0] + 21 < moved.left || moved.left + moved.wide < handle[0] - 21
    assert.ok(beside || Math.abs(moved.y - handle[1]) >= 20.9)
  })
})

const TABLE = { angles: [0, 90, 180], ratios: [-1, 0, 1], steps: { mean: Array.from({ length: 18 }, (_, i) => i) } }

test("at a node of the table the step is that of the table, along and across the bisector", () => {
  // Angle 90° and ratio 1 are the middle node: along = 8, across = 9, and the bisector is at 45°.
  const [along, across, half] = [8, 9, Math.SQRT1_2]
  assert.ok(close(tabledStep("mean", 90, 1, TABLE), [half * (along - across), half * (along + across)]))
})

test("between nodes the step is interpolated, and it is as long as the longer gradient", () => {
  // Halfway between the angles 0° and 90°, and ten times as long: along = (4 + 10) / 2, across = (5 + 11) / 2.
  const [x, y] = tabledStep("mean", 45, 10, TABLE)
  assert.ok(close(Math.hypot(x, y), 10 * Math.hypot(7, 8)))
  assert.ok(close((Math.atan2(y, x) * 180) / Math.PI, 22.5 + (Math.atan2(8, 7) * 180) / Math.PI))
})

test("a method without a table has no step", () => {
  assert.equal(tabledStep("nothing", 90, 1, TABLE), null)
})

test("the gradient of B has its angle and its length", () => {
  assert.ok(close(gradients(60, 2)[1], [1, Math.sqrt(3)]))
  assert.ok(close(gradients(180, 0.5)[1], [-0.5, 0]))
})

test("the longest arrow decides the scale", () => {
  assert.equal(
    fitting(
      [
        [1, 0],
        [0, 2],
      ],
      [100, 100, 80, 10],
    ),
    40,
  )
  assert.equal(
    fitting(
      [
        [1, 0],
        [0, -2],
      ],
      [100, 100, 80, 10],
    ),
    5,
  )
  assert.equal(fitting([[-4, 0]], [100, 60, 80, 10]), 15)
})

test("at the scale that fits, every tip is in the picture and one is at its edge", () => {
  property(200, ({ between, whole }) => {
    const vectors = [
      ...gradients(between(0, 180), 10 ** between(-1, 1)),
      ...Array.from({ length: whole(0, 5) }, () => [between(-2, 2), between(-2, 2)]),
    ]
    const room = [260, 260, 304, 46]
    const scale = fitting(vectors, room)
    const used = vectors.flatMap(([x, y]) => [x, -x, y, -y].map((each, i) => (each * scale) / room[i]))
    assert.ok(close(Math.max(...used), 1))
  })
})

test("the dragged tip of B follows the pointer", () => {
  property(200, ({ between }) => {
    const [angle, ratio] = [between(5, 175), between(0.3, 2)]
    const handle = handleOf(placed(gradients(angle, ratio)[1], FRAME.origin, 100), FRAME.origin)
    const found = valuesAt(handle, FRAME, 100)
    assert.ok(close([found.angle, found.ratio], [angle, ratio], 1e-6))
  })
})

test("a tip that is dragged out of the picture or below A stays inside, and keeps a length at the origin", () => {
  assert.deepEqual(valuesAt([9999, 400], FRAME, 1), { angle: 0, ratio: Math.hypot(292, 42) - 15 })
  assert.deepEqual(valuesAt([300, -50], FRAME, 1), { angle: 90, ratio: 335 })
  assert.equal(valuesAt([100, 400], FRAME, 1).angle, 180)
  assert.equal(valuesAt(FRAME.origin, FRAME, 2).ratio, 2)
})

test("a handle stands beyond its tip, and never on the origin", () => {
  assert.ok(close(handleOf([400, 358], [300, 358]), [415, 358]))
  assert.ok(close(handleOf([300, 357], [300, 358]), [300, 328]))
})
