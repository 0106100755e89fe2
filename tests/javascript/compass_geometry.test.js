import assert from "node:assert/strict"
import { test } from "node:test"
import {
  fitting,
  gradients,
  handleOf,
  lengthOf,
  placed,
  polar,
  regions,
  valuesOfDrag,
} from "../../components/browser/compass_geometry.js"
import { close, property } from "./random.js"

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

test("a pointer is where the vector below it is drawn", () => {
  property(200, ({ between }) => {
    const [bearing, length, turned] = [between(5, 175), between(10, 200), between(-180, 180)]
    const vector = gradients(bearing - turned, length)[1]
    assert.ok(close(polar(placed(vector, FRAME.origin, 1, turned), FRAME), [bearing, length], 1e-6))
  })
})

test("a pointer outside the picture counts as one at its edge", () => {
  assert.deepEqual(polar([9999, 358], FRAME), [0, 292])
  assert.deepEqual(polar([300, -50], FRAME), [90, 350])
})

test("the dragged tip of B follows the pointer", () => {
  const held = { index: 1, radius: 100, ratio: 1.5, scale: 1, other: 0 }
  assert.deepEqual(valuesOfDrag(held, [120, 215]), { angle: 120, ratio: 3 })
})

test("the dragged tip of A follows the pointer while B stays", () => {
  const held = { index: 0, radius: 100, ratio: 1.5, scale: 1, other: 150 }
  assert.deepEqual(valuesOfDrag(held, [20, 215]), { angle: 130, ratio: 0.75 })
})

test("a tip that is dragged below the other gradient stays at the nearer end", () => {
  const held = { index: 1, radius: 100, ratio: 1, scale: 1, other: 0 }
  assert.equal(valuesOfDrag(held, [-1, 115]).angle, 0)
  assert.equal(valuesOfDrag(held, [-179, 115]).angle, 180)
  const other = { ...held, index: 0, other: 30 }
  assert.equal(valuesOfDrag(other, [35, 115]).angle, 0)
  assert.equal(valuesOfDrag(other, [-155, 115]).angle, 180)
})

test("an arrow that is dragged into the origin keeps a length", () => {
  property(200, ({ between, whole }) => {
    const held = {
      index: whole(0, 1),
      radius: lengthOf(between(0, 300)),
      ratio: 1,
      scale: 1,
      other: between(-180, 180),
    }
    const { angle, ratio } = valuesOfDrag(held, [between(-180, 180), between(0, 300)])
    assert.ok(angle >= 0 && angle <= 180 && ratio > 0 && Number.isFinite(ratio))
  })
})

test("a handle stands beyond its tip, and never on the origin", () => {
  assert.ok(close(handleOf([400, 358], [300, 358], 0), [415, 358]))
  assert.ok(close(handleOf([300, 357], [300, 358], 90), [300, 328]))
})

test("a region is named where its losses fall, and away from every arrow", () => {
  property(60, ({ between }) => {
    const bearings = [0, between(5, 175)]
    const tips = bearings.map((bearing) => handleOf(FRAME.origin, FRAME.origin, bearing))
    for (const [region, { x, y }] of regions(FRAME, bearings, tips, [])) {
      const [dx, dy] = [x - FRAME.origin[0], FRAME.origin[1] - y]
      const falls = bearings.map(
        (bearing) => dx * Math.cos((bearing * Math.PI) / 180) + dy * Math.sin((bearing * Math.PI) / 180),
      )
      assert.equal(region, falls.map((fall) => (fall > 0 ? 1 : 0)).join(""))
      assert.ok(falls.every((fall) => Math.abs(fall) * 0.8 > 30))
    }
  })
})

test("at a right angle both losses fall between the arrows, and one beside each", () => {
  const found = regions(
    FRAME,
    [0, 90],
    [
      [500, 358],
      [300, 158],
    ],
    [],
  )
  assert.deepEqual(
    [...found.keys()].sort(),
    ["00", "01", "10", "11"].filter((key) => found.has(key)),
  )
  const both = found.get("11")
  assert.ok(both.x > 300 && both.y < 358)
  assert.ok(found.get("01").x < 300 && found.get("01").y < 358)
})
