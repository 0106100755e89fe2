import assert from "node:assert/strict"
import { test } from "node:test"
import { rendererOf } from "../../components/browser/view.js"

function recorded() {
  const seen = []
  const render = rendererOf(() => {
    seen.push("made")
    return { update: ({ data }) => seen.push(data), leave: () => seen.push("left") }
  })
  return { seen, render }
}

test("a place that stays on the page keeps its view, whenever an earlier rendering ends", () => {
  const { seen, render } = recorded()
  const parentElement = { isConnected: true }
  const first = render({ data: "first", parentElement })
  first() // before the second rendering
  const second = render({ data: "second", parentElement })
  render({ data: "third", parentElement })
  second() // after the third
  assert.deepEqual(seen, ["made", "first", "second", "third"])
})

test("a view ends once, when its place is no longer on the page", () => {
  const { seen, render } = recorded()
  const parentElement = { isConnected: true }
  const ends = ["first", "second"].map((data) => render({ data, parentElement }))
  parentElement.isConnected = false
  for (const end of ends) end()
  assert.deepEqual(seen, ["made", "first", "second", "left"])
  const late = render({ data: "late", parentElement }) // Streamlit still loaded the module when the place went
  late()
  assert.deepEqual(seen.slice(4), ["made", "late", "left"])
})

test("a view whose first rendering fails ends at once; if a later one fails, the one before ends it", () => {
  let left = 0
  const render = rendererOf(() => ({
    update: ({ data }) => assert.ok(data),
    leave: () => {
      left += 1
    },
  }))
  const parentElement = { isConnected: true }
  assert.throws(() => render({ data: "", parentElement }))
  assert.equal(left, 1)
  const end = render({ data: "first", parentElement })
  assert.throws(() => render({ data: "", parentElement }))
  assert.equal(left, 1)
  parentElement.isConnected = false
  end()
  assert.equal(left, 2)
})
