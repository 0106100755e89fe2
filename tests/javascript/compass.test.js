import assert from "node:assert/strict"
import { test } from "node:test"
import {
  fitting,
  gradients,
  handleOf,
  interpolate,
  placed,
  placeLabels,
  regions,
  valuesAt,
} from "../../components/browser/compass_geometry.js"
import { close, property } from "./random.js"

const AWAY = [900, 900] // a handle outside the picture
const wide = (words) => 7 * words.length
const label = (words, x, y, more = {}) => ({ words, x, y, dx: 0, dy: 1, ...more })

test("methods with one tip share a label, and a head keeps its own", () => {
  const methods = ["mean", "PCGrad"].map((words, i) => label(words, 200 + i, 100, { method: true }))
  const words = placeLabels([label("head A", 200, 100), ...methods], wide, 600, 400, AWAY).map((each) => each.words)
  assert.deepEqual(words.sort(), ["head A", "mean = PCGrad"])
})

test("labels above each other do not touch, and stay in the picture", () => {
  property(200, ({ between, whole }) => {
    const labels = Array.from({ length: whole(2, 6) }, (_, i) => label(`method ${i}`, between(0, 600), between(0, 400)))
    const labelled = placeLabels(labels, wide, 600, 400, AWAY)
    labelled.forEach((one, i) => {
      assert.ok(one.left >= 4 && one.left + one.wide <= 596 && one.middle >= 12 && one.middle <= 388)
      for (const other of labelled.slice(i + 1)) {
        const beside = one.left + one.wide < other.left || other.left + other.wide < one.left
        assert.ok(beside || Math.abs(one.middle - other.middle) >= 16)
      }
    })
  })
})

test("a label makes room for a handle", () => {
  const [moved] = placeLabels([label("mean", 300, 214)], wide, 600, 400, [300, 200])
  assert.ok(Math.abs(moved.middle - 200) >= 20.5)
})

const TABLE = { angles: [0, 90, 180], ratios: [-1, 0, 1], steps: { mean: Array.from({ length: 18 }, (_, i) => i) } }

test("at a node of the table the step is that of the table, along and across the bisector", () => {
  // Angle 90° and ratio 1 are the middle node: along = 8, across = 9, and the bisector is at 45°.
  const [along, across, half] = [8, 9, Math.SQRT1_2]
  assert.ok(close(interpolate(TABLE, "mean", 90, 1), [half * (along - across), half * (along + across)]))
})

test("between nodes the step is interpolated, and it is as long as the longer gradient", () => {
  // Halfway between the angles 0° and 90°, and ten times as long: along = (4 + 10) / 2, across = (5 + 11) / 2.
  const [x, y] = interpolate(TABLE, "mean", 45, 10)
  assert.ok(close(Math.hypot(x, y), 10 * Math.hypot(7, 8)))
  assert.ok(close((Math.atan2(y, x) * 180) / Math.PI, 22.5 + (Math.atan2(8, 7) * 180) / Math.PI))
})

test("a method without a table has no step", () => {
  assert.equal(interpolate(TABLE, "nothing", 90, 1), null)
})

const FRAME = { width: 600, height: 420, origin: [300, 358] }

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
    const handle = handleOf(placed(gradients(angle, ratio)[1], FRAME.origin, 100), FRAME.origin, angle)
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
  assert.ok(close(handleOf([400, 358], [300, 358], 0), [415, 358]))
  assert.ok(close(handleOf([300, 357], [300, 358], 90), [300, 328]))
})

const words = () => 150

test("the words of a region stand where its losses fall, inside the picture, and on no arrow", () => {
  property(60, ({ between, whole }) => {
    const [width, angle] = [between(300, 800), between(5, 175)]
    const frame = { width, height: 420, origin: [width / 2, 358] }
    const bearings = [0, angle, ...Array.from({ length: whole(0, 4) }, () => between(0, 180))]
    const tips = bearings.map((bearing) => placed(gradients(bearing, 1)[1], frame.origin, between(20, 140)))
    for (const [region, [x, y]] of regions(frame, angle, tips, [], words)) {
      const inwards = [0, angle].map((bearing) => {
        const [dx, dy] = gradients(bearing, 1)[1]
        return (x - frame.origin[0]) * dx + (frame.origin[1] - y) * dy
      })
      assert.equal(region, inwards.map((each) => (each > 0 ? 1 : 0)).join(""))
      assert.ok(x >= 79 && x <= width - 79)
      for (const [tipX, tipY] of tips) {
        for (let share = 0; share <= 1; share += 0.02) {
          const at = [0, 1].map((k) => frame.origin[k] + share * ([tipX, tipY][k] - frame.origin[k]))
          assert.ok(Math.abs(at[0] - x) > 75 || Math.abs(at[1] - y) > 7)
        }
      }
    }
  })
})

test("at a right angle both losses fall between the arrows", () => {
  const found = regions(
    FRAME,
    90,
    [
      [500, 358],
      [300, 158],
    ],
    [],
    words,
  )
  const [x, y] = found.get("11")
  assert.ok(x > 300 && y < 358)
})
