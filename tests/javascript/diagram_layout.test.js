import assert from "node:assert/strict"
import { test } from "node:test"
import { BOLD, layout, route, rows, SIZE, shorten } from "../../components/browser/diagram_layout.js"
import { widthOf } from "../../components/browser/svg.js"
import { pictureOf } from "./diagram_pictures.js"
import { close, property } from "./random.js"

test("no two labels of a row touch, and none is outside", () => {
  property(200, ({ between, whole }) => {
    const labels = Array.from({ length: whole(1, 9) }, () => ({ text: "x".repeat(whole(1, 12)), x: between(-20, 320) }))
    const placed = rows(labels, 0, 300).map((label) => ({ ...label, half: widthOf(label.text, SIZE) / 2 }))
    assert.equal(placed.length, labels.length)
    placed.forEach((one, i) => {
      assert.ok(one.x - one.half >= -1e-9 && one.x + one.half <= 300 + 1e-9)
      for (const other of placed.slice(i + 1)) {
        assert.ok(one.row !== other.row || Math.abs(one.x - other.x) >= one.half + other.half + 7 - 1e-9)
      }
    })
  })
})

test("a name that is too long ends in an ellipsis, and is then short enough", () => {
  assert.equal(shorten("trend", 60), "trend")
  property(100, ({ whole }) => {
    const most = whole(20, 90)
    const short = shorten("a rather long name", most)
    assert.ok(short.endsWith("…") && widthOf(short, BOLD) <= most)
  })
})

test("many heads make the plot higher, so that their names do not touch", () => {
  const picture = pictureOf({ units: Array.from({ length: 20 }, () => 1) })
  const found = layout(picture, 600, false)
  const [first, second] = picture.groups.slice(2).map((group) => found.neuron(group, 0)[1])
  assert.ok(found.plot > 208 && second - first >= 14 - 1e-9)
})

test("kernels stand beside the diagram in the rows of its neurons, and below it in a narrow window", () => {
  const shared = pictureOf().groups[1]
  const beside = layout(pictureOf(), 900, false)
  assert.ok(close(beside.kernel.first + beside.kernel.row / 2, beside.neuron(shared, 0)[1]))
  assert.ok(close(beside.kernel.end - beside.kernel.row / 2, beside.neuron(shared, 3)[1]))
  const below = layout(pictureOf(), 320, false)
  assert.ok(below.kernel.first > below.bottom)
})

test("a simple picture is no higher than its neurons and words, and two of them fit into the window of a phone", () => {
  const simple = { ...pictureOf(), simple: true }
  for (const width of [320, 600, 900]) {
    const found = layout(simple, width, false)
    assert.ok(found.height - found.bottom <= 40 && found.height <= layout(pictureOf(), width, false).height)
  }
  assert.ok(2 * layout(simple, 360, false).height <= 520)
})

test("an edge is a line from neuron to neuron, and runs level past hidden layers of other heads", () => {
  const picture = pictureOf({ units: [1, 2], hidden: true })
  const place = layout(picture, 900, false)
  const [input, lstm, , , second] = picture.groups
  const numbers = (path) => path.match(/-?[\d.]+/g).map(Number)
  const ends = (from, i, to, j) => [...place.neuron(from, i), ...place.neuron(to, j)]
  assert.ok(close(numbers(route(place, input, 1, lstm, 0)), ends(input, 1, lstm, 0), 0.01))
  const passing = numbers(route(place, lstm, 0, second, 1))
  assert.ok(close([...passing.slice(0, 2), ...passing.slice(-2)], ends(lstm, 0, second, 1), 0.01))
  const level = place.neuron(second, 1)[1] - 1.5 * ((0.7 * second.step * place.plot) / 4)
  assert.ok(close(passing[7], level, 0.01))
})

test("at every width everything is in the picture, and kernels do not cover neurons", () => {
  property(300, ({ whole }) => {
    const units = Array.from({ length: whole(1, 6) }, () => whole(1, 3))
    const titles = units.map((_, i) => "name ".repeat(whole(1, 6)) + i)
    const picture = pictureOf({ units, titles, shared: whole(1, 12), hidden: whole(0, 1) === 1 })
    const width = whole(280, 1200)
    const found = layout(picture, width, whole(0, 1) === 1)
    const { kernel } = found
    let right = 0
    for (const group of picture.groups) {
      for (let i = 0; i < group.count; i++) {
        const [x, y] = found.neuron(group, i)
        assert.ok(x >= 0 && x <= width && y >= found.top - 1e-9 && y <= found.bottom + 1e-9)
        right = Math.max(right, x + found.half)
      }
    }
    assert.ok(kernel.cell >= 5 && kernel.x + kernel.width <= Math.max(width, kernel.x + 5 * 30))
    assert.ok(kernel.end <= found.height)
    if (kernel.first < found.bottom) assert.ok(kernel.x >= right, "beside the neurons")
    for (const { text, x } of [...found.above, ...found.below]) {
      const half = widthOf(text, SIZE) / 2
      assert.ok(x - half >= -1e-9 && x + half <= width + 1e-9)
    }
  })
})
