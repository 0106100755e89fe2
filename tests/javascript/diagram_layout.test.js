import assert from "node:assert/strict"
import { test } from "node:test"
import { footer, header, height, LINE, layout, rows, shorten, wrap } from "../../components/browser/diagram_layout.js"
import { measure, pictureOf } from "./diagram_pictures.js"
import { close, property } from "./random.js"

const wide = (words) => 6 * words.length
const place = (options, width = 600, weighted = false) => layout(pictureOf(options), width, weighted, "Inter", measure)

test("labels that have room stand in one row, and others in rows above it", () => {
  const labels = [100, 120, 300].map((x) => ({ text: "12345", x }))
  assert.deepEqual(
    rows(labels, wide, 0, 400).map(({ x, row }) => [x, row]),
    [
      [100, 0],
      [120, 1],
      [300, 0],
    ],
  )
})

test("a label at an end is moved inside", () => {
  assert.deepEqual(rows([{ text: "1234567890", x: 390 }], wide, 0, 400), [
    { text: "1234567890", x: 370, width: 60, row: 0 },
  ])
})

test("no two labels of a row touch, and none is outside", () => {
  property(200, ({ between, whole }) => {
    const labels = Array.from({ length: whole(1, 9) }, () => ({ text: "x".repeat(whole(1, 12)), x: between(-20, 320) }))
    const placed = rows(labels, wide, 0, 300)
    assert.equal(placed.length, labels.length)
    placed.forEach((one, i) => {
      assert.ok(one.x - one.width / 2 >= 0 && one.x + one.width / 2 <= 300)
      for (const other of placed.slice(i + 1)) {
        const apart = Math.abs(one.x - other.x) >= (one.width + other.width) / 2 + 7 - 1e-9
        assert.ok(one.row !== other.row || apart)
      }
    })
  })
})

const COLUMNS = [
  { kind: "input", count: "2", notes: [["t = 1 … 12", "t ≤ 12"]] },
  { kind: "Dense", count: "8", notes: [] },
  { kind: "Dense", count: "16", notes: [["… 24 more", "+24"]] },
]

test("columns are named in one line, or their kinds above their counts", () => {
  const single = header(COLUMNS, [50, 200, 350], wide, 0, 400).map(({ text, row }) => [text, row])
  assert.deepEqual(single, [
    ["input · 2", 0],
    ["Dense · 8", 0],
    ["Dense · 16", 0],
  ])
  const narrow = header(COLUMNS, [20, 60, 100], wide, 0, 120)
  assert.deepEqual(
    narrow.map(({ text, row }) => [text, row]),
    [
      ["2", 0],
      ["8", 0],
      ["16", 0],
      ["input", 1],
      ["Dense", 1],
      ["Dense", 1],
    ],
  )
})

test("notes have their long form in two rows, and the short one where they would need more", () => {
  assert.deepEqual(
    footer(COLUMNS, [50, 200, 350], "", wide, 0, 400).map(({ text }) => text),
    ["t = 1 … 12", "… 24 more"],
  )
  const notes = Array.from({ length: 4 }, () => COLUMNS[2])
  assert.ok(footer(notes, [20, 30, 40, 50], "", wide, 0, 80).every(({ text }) => text === "+24"))
})

test("text is broken at spaces, and a long word has a line of its own", () => {
  assert.deepEqual(wrap("one two three", wide, 45), ["one two", "three"])
  assert.deepEqual(wrap("a extraordinarily b", wide, 30), ["a", "extraordinarily", "b"])
})

test("a name that is too long ends in an ellipsis, and is then short enough", () => {
  assert.equal(shorten("trend", wide, 30), "trend")
  assert.equal(shorten("trend of all", wide, 48), "trend o…")
  assert.equal(shorten("trend of all", wide, 42), "trend…")
  property(100, ({ whole }) => {
    const most = whole(6, 90)
    assert.ok(wide(shorten("a rather long name", wide, most)) <= most)
  })
})

test("with room, the plot is 208 pixels high, below a line for the title and one for the columns", () => {
  const found = place({})
  assert.deepEqual([found.top, found.bottom, found.plot], [22 + LINE + 4, 41 + 208, 208])
  assert.deepEqual(found.neuron({ x: 0, y: 1, step: 0.5 }, 1), [32, 41 + 104])
})

test("many heads make the plot higher, so that their names do not touch", () => {
  const units = Array.from({ length: 20 }, () => 1)
  const found = place({ units })
  const [first, second] = pictureOf({ units }).heads.map(({ output }) => pictureOf({ units }).groups[output])
  assert.ok(found.plot > 208)
  assert.ok(found.neuron(second, 0)[1] - found.neuron(first, 0)[1] >= 14 - 1e-9)
})

test("kernels stand beside the diagram in the rows of its neurons, and below it in a narrow window", () => {
  const beside = place({}, 900)
  const shared = pictureOf().groups[1]
  assert.deepEqual(
    beside.kernel.rows,
    [0, 1, 2, 3].map((i) => beside.neuron(shared, i)[1]),
  )
  const below = place({}, 320)
  assert.ok(below.kernel.rows.every((row) => row > below.bottom))
  assert.ok(close(below.kernel.rows[1] - below.kernel.rows[0], 19))
})

test("kernels have the names of the heads where these fit, and else their numbers", () => {
  const texts = (options, width) => place(options, width).kernel.heading.map(({ text }) => text)
  assert.deepEqual(texts({ titles: ["up", "down"] }, 900), ["up", "down"])
  assert.deepEqual(texts({ titles: ["up", "downwards"] }, 900), ["1", "2"])
  assert.deepEqual(texts({ units: [1], titles: ["one head"] }, 900), [""])
})

test("the legend of the weights stands below the caption of the kernels", () => {
  const { kernel, height: high } = place({}, 900, true)
  const lines = Math.max(...pictureOf().sides.map((side) => kernel.lines(side.kernel).length))
  assert.equal(kernel.scale, kernel.end + LINE * lines + 8)
  assert.ok(high >= kernel.end + LINE * lines + 30)
  assert.ok(place({}, 900).height >= kernel.end + LINE * lines + 4)
})

test("the box around the output units is a little wider than they are", () => {
  const found = place({ units: [1, 1] }, 900)
  const output = pictureOf().groups[2]
  assert.equal(found.radius(output), 10)
  assert.equal(found.halfBox, 18)
  assert.equal(found.reach, 20)
})

test("at every width everything is in the picture, and kernels do not cover neurons", () => {
  property(300, ({ whole }) => {
    const units = Array.from({ length: whole(1, 6) }, () => whole(1, 3))
    const titles = units.map((_, i) => "name ".repeat(whole(1, 6)) + i)
    const options = { units, titles, shared: whole(1, 12), hidden: whole(0, 1) === 1 }
    const width = whole(280, 1200)
    const picture = pictureOf(options)
    const found = layout(picture, width, whole(0, 1) === 1, "Inter", measure)
    const { kernel } = found
    const beside = kernel.rows[0] < found.bottom
    let right = 0
    for (const group of picture.groups) {
      for (let i = 0; i < group.count; i++) {
        const [x, y] = found.neuron(group, i)
        assert.ok(x >= 0 && x <= width && y >= found.top - 1e-9 && y <= found.bottom + 1e-9)
        right = Math.max(right, x + found.halfBox)
      }
    }
    const end = kernel.x + kernel.cell * picture.heads.reduce((sum, { first }) => sum + picture.groups[first].count, 0)
    assert.ok(kernel.cell >= 5 && end <= Math.max(width, kernel.x + 5 * 30) && kernel.end <= found.height)
    if (beside) assert.ok(kernel.x >= right, "beside the neurons")
    for (const label of [...found.above, ...found.below]) {
      assert.ok(label.x - label.width / 2 >= -1e-9 && label.x + label.width / 2 <= width + 1e-9)
    }
    assert.ok(height(found.below) * LINE + found.bottom <= found.height)
    assert.ok(found.names.every((name) => measure(name, "600 12px Inter") <= Math.max(56, 0.24 * width, 110)))
  })
})
